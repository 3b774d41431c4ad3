/* CRE files: separated by semicolons, decimal comma, days JJ/MM/AAAA, UTF-8
 * (with or without mark) or Latin-1. PART_FIXE is euros a year. */
#include "cre.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/clock.h"
#include "base/str.h"

enum {
    CELLS_MAX = 64,
    ROWS_MAX = 20000,
    TSV_MAX = 4 << 20,
    KVA_MAX = 36,
    MONTHS = 12,
    SHOWN = 40,      /* bytes of a file's own text in a message */
    NEAR_DAYS = 1100 /* rows this near are compared */
};

enum kind { FROM, TO, KVA, YEAR, KWH, UNUSED };

struct column {
    const char *name;
    enum kind kind;
    const char *cell; /* of our table; NULL: not taken */
    bool may_miss;
};

#define DATES                                          \
    {"DATE_DEBUT", FROM, "valid_from", false},         \
        {"DATE_FIN", TO, "valid_to", false},           \
        {"P_SOUSCRITE", KVA, "kva", false},            \
        {"PART_FIXE_HT", UNUSED, NULL, true},          \
    {                                                  \
        "PART_FIXE_TTC", YEAR, "abo_eur_an_ttc", false \
    }
#define PRICE(suffix, cell)                             \
    {"PART_VARIABLE_" suffix "HT", UNUSED, NULL, true}, \
    {                                                   \
        "PART_VARIABLE_" suffix "TTC", KWH, cell, false \
    }

static const struct column base_columns[] = {
    DATES, PRICE("", "kwh_base"), {NULL, UNUSED, NULL, true}};
static const struct column hphc_columns[] = {DATES,
                                             PRICE("HC_", "kwh_hc"),
                                             PRICE("HP_", "kwh_hp"),
                                             {NULL, UNUSED, NULL, true}};
static const struct column tempo_columns[] = {DATES,
                                              PRICE("HCBleu_", "bleu_hc"),
                                              PRICE("HPBleu_", "bleu_hp"),
                                              PRICE("HCBlanc_", "blanc_hc"),
                                              PRICE("HPBlanc_", "blanc_hp"),
                                              PRICE("HCRouge_", "rouge_hc"),
                                              PRICE("HPRouge_", "rouge_hp"),
                                              {NULL, UNUSED, NULL, true}};

static const struct cre_file {
    const char *name, *option;
    const struct column *columns;
} files[] = {{"Option_Base.csv", "BASE", base_columns},
             {"Option_HPHC.csv", "HPHC", hphc_columns},
             {"Option_Tempo.csv", "TEMPO", tempo_columns}};

/* What a price may be, millionths of a euro: beyond it is a mistake of unit
 * (cents, euros a MWh, a month for a year). */
static const struct {
    enum kind kind;
    int64_t least, most;
    const char *what;
} limits[] = {{YEAR, 20000000, 2000000000, "euros a year from 20 to 2000"},
              {KWH, 20000, 2000000, "euros a kWh from 0,02 to 2"}};

/* One row of the tariff; line 0 is one that we have already. */
struct grid {
    size_t line;
    int32_t from, to; /* INT32_MAX when open */
    int32_t kva;
    const char **cells; /* as the columns of our table */
};

struct merge {
    struct ctl *c;
    const struct sheet *base;
    const struct cre_file *file;
    const char *label;                  /* file name for messages */
    const struct column *at[CELLS_MAX]; /* column of each cell */
    size_t n_at;
    int64_t now[CELLS_MAX]; /* prices of the line by column, -1: none */
    struct grid *grids;
    size_t n;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const struct cre_file *find_file(const char *path)
{
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (str_eq(base_name(path), files[i].name))
            return &files[i];
    return NULL;
}

bool cre_is_file(const char *path)
{
    return find_file(path) != NULL;
}

static bool refuse(const struct merge *m, size_t line, const char *column,
                   const char *why)
{
    ctl_fail("%s line %zu, %s: %s.", m->label, line, column, why);
    return false;
}

/* ---- text --------------------------------------------------------------- */

/* UTF-8 without its mark; bytes that are none are Latin-1. */
static char *as_utf8(struct arena *a, const char *s, size_t n)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (str_utf8_ok(s, n))
        return arena_strdup(a, str_starts(s, mark) ? s + 3 : s);
    char *out = arena_alloc(a, 2 * n + 1), *p = out;
    for (size_t i = 0; i < n; i++) {
        char one[4];
        const size_t len = str_utf8_put(one, (unsigned char)s[i]);
        memcpy(p, one, len);
        p += len;
    }
    *p = '\0';
    return out;
}

/* Without quotes, spaces and no-break spaces, which part thousands. */
static char *bare(struct arena *a, const char *s)
{
    char *out = arena_alloc(a, strlen(s) + 1), *p = out;
    while (*s) {
        if (str_starts(s, "\xc2\xa0")) {
            s += 2;
        } else if (str_starts(s, "\xe2\x80\xaf")) {
            s += 3;
        } else if (*s == ' ' || *s == '"' || *s == '\r') {
            s++;
        } else {
            *p++ = *s++;
        }
    }
    *p = '\0';
    return out;
}

/* ---- cells -------------------------------------------------------------- */

/* "01/02/2026" as "2026-02-01"; NULL when it is no day. */
static const char *iso_day(struct arena *a, const char *s, int32_t *day)
{
    static const char shape[] = "00/00/0000";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == '0' ? s[i] < '0' || s[i] > '9' : s[i] != shape[i])
            return NULL;
    const char *iso = arena_printf(a, "%.4s-%.2s-%.2s", s + 6, s + 3, s);
    return sheet_date(iso, day) ? iso : NULL;
}

static bool take_price(struct merge *m, struct grid *g,
                       const struct column *col, char *s)
{
    int64_t micro = 0;
    char *comma = strchr(s, ',');
    bool number = !strchr(s, '.');
    if (comma)
        *comma = '.';
    number = number && *s >= '0' && *s <= '9' && str_to_scaled(s, 6, &micro);
    if (!number)
        return refuse(m, g->line, col->name,
                      "no number with a decimal comma and at most six "
                      "decimals");
    m->now[col - m->file->columns] = micro;
    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        if (limits[i].kind == col->kind &&
            (micro < limits[i].least || micro > limits[i].most))
            return refuse(
                m, g->line, col->name,
                arena_printf(m->c->a, "not within %s", limits[i].what));
    if (col->cell)
        g->cells[sheet_column(m->base, col->cell)] = s;
    if (col->kind == YEAR) { /* four decimals, the half upwards */
        const int64_t month = (micro + 600) / (100 * MONTHS);
        g->cells[sheet_column(m->base, "abo_eur_mois_ttc")] =
            arena_printf(m->c->a, "%lld.%04lld", (long long)(month / 10000),
                         (long long)(month % 10000));
    }
    return true;
}

static bool take_day(struct merge *m, struct grid *g, const struct column *col,
                     const char *s)
{
    const char *iso =
        iso_day(m->c->a, s, col->kind == FROM ? &g->from : &g->to);
    if (!iso)
        return refuse(m, g->line, col->name, "no day JJ/MM/AAAA");
    g->cells[sheet_column(m->base, col->cell)] = iso;
    return true;
}

static bool take_cell(struct merge *m, struct grid *g, const struct column *col,
                      char *s)
{
    int64_t kva;
    if (!*s && (col->kind == TO || col->kind > KVA))
        return true; /* open, or no such price: nothing is made up */
    if (col->kind == FROM || col->kind == TO)
        return take_day(m, g, col, s);
    if (col->kind != KVA)
        return take_price(m, g, col, s);
    if (!str_to_i64(s, &kva) || kva < 1 || kva > KVA_MAX)
        return refuse(m, g->line, col->name, "no power from 1 to 36 kVA");
    g->kva = (int32_t)kva;
    g->cells[sheet_column(m->base, col->cell)] = s;
    return true;
}

/* ---- the file ----------------------------------------------------------- */

/* A name of the file for a message: short, and nothing a terminal obeys. */
static const char *shown(struct arena *a, const char *name)
{
    const char *said = *name ? name : "(empty)";
    char *out = arena_strndup(a, said, strnlen(said, SHOWN));
    for (char *p = out; *p; p++)
        if (*p < ' ' || *p > '~')
            *p = '?';
    return out;
}

/* Columns with VAT follow those without. */
static bool check_vat(const struct merge *m, size_t line)
{
    for (size_t i = 1; m->file->columns[i].name; i++)
        if (m->file->columns[i].kind > KVA && m->file->columns[i].cell &&
            m->now[i] >= 0 && m->now[i] < m->now[i - 1])
            return refuse(m, line, m->file->columns[i].name,
                          "less than the same without VAT");
    return true;
}

static bool take_head(struct merge *m, const char *line)
{
    const char *cells[CELLS_MAX];
    m->n_at = str_split(m->c->a, line, ';', cells, CELLS_MAX);
    for (size_t i = 0; i < m->n_at; i++) {
        const char *name = bare(m->c->a, cells[i]);
        const struct column *k = m->file->columns;
        while (k->name && !str_eq(k->name, name))
            k++;
        if (!k->name)
            return refuse(m, 1, shown(m->c->a, name), "unknown column");
        for (size_t j = 0; j < i; j++)
            if (m->at[j] == k)
                return refuse(m, 1, name, "this column comes twice");
        m->at[i] = k;
    }
    for (const struct column *k = m->file->columns; k->name; k++) {
        bool found = k->may_miss;
        for (size_t i = 0; i < m->n_at; i++)
            found |= m->at[i] == k;
        if (!found)
            return refuse(m, 1, k->name, "this column is missing");
    }
    return true;
}

static struct grid *new_grid(struct merge *m, size_t line)
{
    struct grid *g = &m->grids[m->n++];
    *g = (struct grid){
        .line = line,
        .to = INT32_MAX,
        .cells = ARENA_ARRAY(m->c->a, m->base->n_columns, const char *)};
    for (size_t i = 0; i < m->base->n_columns; i++)
        g->cells[i] = "";
    return g;
}

static bool take_line(struct merge *m, const char *line, size_t number)
{
    const char *cells[CELLS_MAX];
    if (m->n == ROWS_MAX)
        return refuse(m, number, "DATE_DEBUT", "too many rows");
    struct grid *g = new_grid(m, number);
    const size_t n = str_split(m->c->a, line, ';', cells, CELLS_MAX);
    if (n != m->n_at)
        return refuse(m, number, n < m->n_at ? m->at[n]->name : "the last",
                      "as many cells as columns are wanted");
    for (size_t i = 0; i < CELLS_MAX; i++)
        m->now[i] = -1;
    for (size_t i = 0; i < n; i++)
        if (!take_cell(m, g, m->at[i], bare(m->c->a, cells[i])))
            return false;
    if (g->to < g->from)
        return refuse(m, number, "DATE_FIN", "before DATE_DEBUT");
    if (!check_vat(m, number))
        return false;
    g->cells[sheet_column(m->base, "option")] = m->file->option;
    g->cells[sheet_column(m->base, "verified")] = "yes";
    g->cells[sheet_column(m->base, "source")] =
        arena_printf(m->c->a, "CRE %s", m->file->name);
    return true;
}

/* Spreadsheets end with lines of separators. */
static bool is_blank(struct arena *a, const char *line)
{
    const char *s = bare(a, line);
    return !s[strspn(s, ";")];
}

static bool take_file(struct merge *m, char *text)
{
    size_t number = 0;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        if (number == 1
                ? !take_head(m, line)
                : !is_blank(m->c->a, line) && !take_line(m, line, number))
            return false;
    }
    return m->n > 0 || refuse(m, number, "DATE_DEBUT", "there is no row");
}

/* ---- the merge ---------------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
    const struct grid *a = x, *b = y;
    if (a->kva != b->kva)
        return a->kva < b->kva ? -1 : 1;
    return a->from < b->from ? -1 : a->from > b->from;
}

/* Rows that we have, of the file's option, unless the file has them anew. */
static bool keep_rows(struct merge *m)
{
    const size_t fresh = m->n;
    for (size_t r = 0; r < m->base->n_rows; r++) {
        const char *to = sheet_cell(m->base, r, "valid_to");
        bool again = false;
        int32_t from, end = INT32_MAX;
        int64_t kva;
        if (!str_eq(sheet_cell(m->base, r, "option"), m->file->option))
            continue;
        if (m->n == ROWS_MAX ||
            !sheet_date(sheet_cell(m->base, r, "valid_from"), &from) ||
            (*to && !sheet_date(to, &end)) ||
            !str_to_i64(sheet_cell(m->base, r, "kva"), &kva))
            return false;
        for (size_t i = 0; i < fresh; i++)
            again |= m->grids[i].kva == kva && m->grids[i].from == from;
        if (again)
            continue;
        struct grid *g = new_grid(m, 0);
        g->from = from;
        g->to = end;
        g->kva = (int32_t)kva;
        for (size_t k = 0; k < m->base->n_columns; k++)
            g->cells[k] = m->base->cells[r * m->base->n_columns + k];
    }
    return true;
}

static void close_before(struct merge *m, struct grid *g, int32_t next)
{
    int y, mo, d;
    clock_civil(next - 1, &y, &mo, &d);
    g->to = next - 1;
    g->cells[sheet_column(m->base, "valid_to")] =
        arena_printf(m->c->a, "%04d-%02d-%02d", y, mo, d);
}

/* No tariff ever doubled, or fell to its half, from one row to the next: such
 * a price is one of a month, in cents, or of another column. */
static bool check_move(const struct merge *m, const struct grid *g,
                       const struct grid *h)
{
    if (h->from - g->from > NEAR_DAYS)
        return true;
    for (const struct column *k = m->file->columns; k->name; k++) {
        const int at =
            k->kind > KVA && k->cell ? sheet_column(m->base, k->cell) : -1;
        int64_t x, y;
        if (at < 0 || !str_to_scaled(g->cells[at], 6, &x) ||
            !str_to_scaled(h->cells[at], 6, &y) || (x <= 2 * y && y <= 2 * x))
            continue;
        return refuse(m, h->line ? h->line : g->line, k->name,
                      arena_printf(m->c->a,
                                   "%s beside %s of the row %s it is absurd",
                                   h->line ? h->cells[at] : g->cells[at],
                                   h->line ? g->cells[at] : h->cells[at],
                                   h->line ? "before" : "after"));
    }
    return true;
}

/* Within the file, a row begins where the last ended. Beside rows that we
 * have, an open end is closed, and a hole may stay: it was there. */
static bool check_order(struct merge *m)
{
    qsort(m->grids, m->n, sizeof *m->grids, by_key);
    for (size_t i = 1; i < m->n; i++) {
        struct grid *g = &m->grids[i - 1];
        const struct grid *h = &m->grids[i];
        const bool both = g->line && h->line;
        const size_t line = h->line ? h->line : g->line;
        if (g->kva != h->kva || (!g->line && !h->line))
            continue;
        if (g->to == INT32_MAX && !both && g->from < h->from)
            close_before(m, g, h->from);
        if (g->to >= h->from)
            return refuse(m, line, h->line ? "DATE_DEBUT" : "DATE_FIN",
                          "overlaps another row of the same power");
        if (both && g->to + 1 != h->from)
            return refuse(m, line, "DATE_DEBUT",
                          "leaves a gap behind the row before");
        if (!check_move(m, g, h))
            return false;
    }
    return true;
}

static void put_row(struct buf *b, const char *const *cells, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_printf(b, "%s%s", i ? "\t" : "", cells[i]);
    buf_printf(b, "\n");
}

static const char *as_tsv(const struct merge *m)
{
    struct buf b;
    const size_t n = m->base->n_columns;
    buf_init(&b, m->c->a, TSV_MAX);
    put_row(&b, m->base->columns, n);
    for (size_t r = 0; r < m->base->n_rows; r++)
        if (!str_eq(sheet_cell(m->base, r, "option"), m->file->option))
            put_row(&b, m->base->cells + r * n, n);
    for (size_t i = 0; i < m->n; i++)
        put_row(&b, m->grids[i].cells, n);
    return buf_cstr(&b);
}

const char *cre_merge(struct ctl *c, const struct sheet *base, const char *path,
                      size_t *rows)
{
    size_t bytes;
    const char *raw = ctl_file(c, path, &bytes);
    struct merge m = {.c = c,
                      .base = base,
                      .file = find_file(path),
                      .label = base_name(path)};
    if (!raw || !m.file)
        return NULL;
    if (memchr(raw, '\0', bytes)) {
        ctl_fail("%s is no text.", m.label);
        return NULL;
    }
    m.grids = ARENA_ARRAY(c->a, ROWS_MAX, struct grid);
    if (!take_file(&m, as_utf8(c->a, raw, bytes)))
        return NULL;
    *rows = m.n;
    return keep_rows(&m) && check_order(&m) ? as_tsv(&m) : NULL;
}

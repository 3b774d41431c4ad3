/* The supplier: SIREN and VAT number are proof, a domain is good evidence, a
 * name counts at the top of page 1 and in the legal notice only. Network
 * operators are named on every invoice and never issue it. */
#include "invoice/supplier.h"
#include "base/str.h"
#include <string.h>

/* ---- names -------------------------------------------------------------- */

static bool tokens_at(const struct row *row, uint32_t at,
                      const struct token *name, uint32_t n)
{
    if (at + n > row->n_tokens)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (row->tokens[at + i].len != name[i].len ||
            strcmp(row->tokens[at + i].text, name[i].text) != 0)
            return false;
    return true;
}

/* Names in footers may be part of others: "EDF et GRDF", "ex Gaz de
 * France" name nobody. */
static bool named_in_passing(const struct row *row, uint32_t at)
{
    return at > 0 && (strcmp(row->tokens[at - 1].text, "ex") == 0 ||
                      strcmp(row->tokens[at - 1].text, "filiale") == 0);
}

/* A name inside a host or mailbox is no name: the domain speaks for itself. */
static bool in_host(const struct row *row, uint32_t at, uint32_t n)
{
    const char *t = row->text;
    const uint32_t from = row->tokens[at].from, to = row->tokens[at + n - 1].to;
    return (from > 0 && (t[from - 1] == '.' || t[from - 1] == '@')) ||
           t[to] == '@' ||
           (t[to] == '.' && t[to + 1] >= 'a' && t[to + 1] <= 'z');
}

static bool in_header(const struct reader *r, const struct row *row)
{
    return row->page == r->first_page &&
           row->box.y0 < 0.15f * r->l->heights[r->first_page - 1];
}

static bool in_legal_notice(const struct row *row)
{
    return supplier_row_has(row, "siren") || supplier_row_has(row, "rcs") ||
           supplier_row_has(row, "siret") || supplier_row_has(row, "capital") ||
           supplier_row_has(row, "intracommunautaire");
}

struct named {
    const struct supplier *supplier;
    struct candidate at;
    uint32_t letters;
};

struct name { /* one name of one supplier, as tokens */
    const struct supplier *supplier;
    const struct token *tokens;
    uint32_t n, letters;
    struct name *next; /* same first token */
};

enum { NAME_CHAINS = 1024 };

struct names {
    struct name *chains[NAME_CHAINS];
};

static unsigned hash(const char *s)
{
    unsigned h = 5381;
    while (*s)
        h = h * 33 ^ (unsigned char)*s++;
    return h % NAME_CHAINS;
}

static void add_name(struct arena *a, struct names *all,
                     const struct supplier *s, const char *text)
{
    struct name *m = ARENA_NEW(a, struct name);
    m->supplier = s;
    m->tokens = layout_tokens(a, text, &m->n);
    for (uint32_t t = 0; t < m->n; t++)
        m->letters += m->tokens[t].len;
    if (m->n == 0)
        return;
    unsigned h = hash(m->tokens[0].text);
    m->next = all->chains[h];
    all->chains[h] = m;
}

/* Built once a reading. */
static const struct names *all_names(const struct reader *r)
{
    if (*r->names)
        return *r->names;
    struct names *all = ARENA_NEW(r->a, struct names);
    *r->names = all;
    for (size_t i = 0; i < r->ref->n_suppliers; i++) {
        const struct supplier *s = &r->ref->suppliers[i];
        for (size_t k = 0; k < s->n_names; k++)
            add_name(r->a, all, s, s->names[k]);
    }
    return all;
}

/* The longest name of the table in a row; operators never. */
static void longest_name(const struct reader *r, uint32_t i,
                         const struct names *names, struct named *best)
{
    const struct row *row = &r->l->rows[i];
    for (uint32_t at = 0; at < row->n_tokens; at++)
        for (const struct name *m = names->chains[hash(row->tokens[at].text)];
             m; m = m->next) {
            if (m->supplier->is_operator || m->letters <= best->letters ||
                !tokens_at(row, at, m->tokens, m->n) ||
                named_in_passing(row, at) || in_host(row, at, m->n))
                continue;
            best->supplier = m->supplier;
            best->letters = m->letters;
            best->at = (struct candidate){.row = i,
                                          .from = row->tokens[at].from,
                                          .to = row->tokens[at + m->n - 1].to};
        }
}

/* ---- domains ------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool host_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) ||
           c == '-' || c == '.' || c == '@' || c == '_';
}

size_t supplier_host(const char *s, const char **host)
{
    while (*s) {
        size_t n = 0;
        while (host_char(s[n]))
            n++;
        size_t end = n;
        while (end && (s[end - 1] == '.' || s[end - 1] == '-'))
            end--;
        const char *dot = end ? memrchr(s, '.', end) : NULL;
        size_t head = dot ? (size_t)(dot - s) : 0;
        size_t tail = dot ? end - head - 1 : 0;
        bool letters =
            tail >= 2 && tail <= 8 && dot[1] >= 'A' && !is_digit(dot[2]);
        if (letters && head >= 2) {
            *host = s;
            return end;
        }
        s += n ? n : 1;
    }
    return 0;
}

/* True when the host or mailbox is in the domain. */
static bool in_domain(const char *host, size_t n, const char *domain)
{
    size_t d = strlen(domain);
    return d > 3 && n >= d && strncasecmp(host + n - d, domain, d) == 0 &&
           (n == d || host[n - d - 1] == '.' || host[n - d - 1] == '@');
}

static bool has_domain(const struct supplier *s, const char *host, size_t n)
{
    for (size_t d = 0; d < s->n_domains; d++)
        if (in_domain(host, n, s->domains[d]))
            return true;
    return false;
}

/* The supplier whose domains stand in most rows, the first of them when
 * several do; the one of the header when it is among them. */
static const struct supplier *by_domain(const struct reader *r,
                                        const struct supplier *top,
                                        uint32_t *row)
{
    const size_t n = r->ref->n_suppliers;
    uint32_t *rows = ARENA_ARRAY(r->a, n + 1, uint32_t),
             *first = ARENA_ARRAY(r->a, n + 1, uint32_t);
    const struct supplier *best = NULL;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const char *host = r->l->rows[i].text;
        if (!strchr(host, '.') || supplier_about_customer(&r->l->rows[i]))
            continue;
        for (size_t len; (len = supplier_host(host, &host)) > 0; host += len)
            for (size_t k = 0; k < n; k++) {
                const struct supplier *s = &r->ref->suppliers[k];
                if (s->is_operator || !has_domain(s, host, len))
                    continue;
                first[k] = rows[k]++ ? first[k] : i;
                if (!best || s == top ||
                    (best != top && rows[k] > rows[best - r->ref->suppliers]))
                    best = s;
            }
    }
    *row = best ? first[best - r->ref->suppliers] : 0;
    return best;
}

static void mark_names(const struct reader *r, const struct row *row,
                       const struct names *names, bool *found)
{
    for (uint32_t at = 0; at < row->n_tokens; at++)
        for (const struct name *m = names->chains[hash(row->tokens[at].text)];
             m; m = m->next)
            if (tokens_at(row, at, m->tokens, m->n))
                found[m->supplier - r->ref->suppliers] = true;
}

/* True when the row names the supplier. */
static bool names_one(const struct reader *r, const struct row *row,
                      const struct names *names, const struct supplier *s)
{
    bool *found = ARENA_ARRAY(r->a, r->ref->n_suppliers + 1, bool);
    mark_names(r, row, names, found);
    return found[s - r->ref->suppliers];
}

void supplier_mark(const struct reader *r, bool *found)
{
    const struct names *names = all_names(r);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        const char *host = row->text;
        mark_names(r, row, names, found);
        for (size_t n; (n = supplier_host(host, &host)) > 0; host += n)
            for (size_t k = 0; k < r->ref->n_suppliers; k++)
                found[k] |= has_domain(&r->ref->suppliers[k], host, n);
    }
}

/* ---- labels ------------------------------------------------------------- */

/* Labels stand on the first pages. */
static bool says_label(const struct reader *r, const char *label)
{
    enum { ROWS_MAX = 400 };
    uint32_t n;
    const struct token *t = layout_tokens(r->a, label, &n);
    for (uint32_t i = 0; n && i < r->l->n_rows && i < ROWS_MAX; i++)
        for (uint32_t at = 0; at + n <= r->l->rows[i].n_tokens; at++)
            if (tokens_at(&r->l->rows[i], at, t, n))
                return true;
    return false;
}

/* Labels are not a supplier's own: at least three of his must be there, and
 * of nobody else as many. Too weak to be used unless all is accepted. */
static bool by_labels(struct reader *r)
{
    enum { LABELS_LEAST = 3, CONF = 400 };
    const struct supplier *best = NULL;
    size_t most = LABELS_LEAST - 1;
    bool one = false;
    for (size_t i = 0; i < r->ref->n_suppliers; i++) {
        const struct supplier *s = &r->ref->suppliers[i];
        size_t n = 0;
        for (size_t k = 0; k < s->n_labels && !s->is_operator; k++)
            n += says_label(r, s->labels[k]);
        if (n < most || n < LABELS_LEAST)
            continue;
        one = n > most;
        best = one ? s : best;
        most = n;
    }
    if (best && one)
        reader_derive(r, F_supplier_name, best->name, 0, CONF);
    return best && one;
}

/* ---- a supplier the table does not know --------------------------------- */

static bool legal_form(const char *s)
{
    static const char *const forms[] = {"SA",  "SAS",  "SASU",  "SARL", "SNC",
                                        "SEM", "SCIC", "SAEML", "SCA"};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (strcmp(s, forms[i]) == 0)
            return true;
    return false;
}

/* True when the plain list a|b|c has the word. */
static bool lists(const char *list, const char *word)
{
    const size_t n = strlen(word);
    for (const char *p = list; (p = strstr(p, word)) != NULL; p += n)
        if ((p == list || p[-1] == '|') && (p[n] == '|' || !p[n]))
            return true;
    return false;
}

/* "Récapitulatif", "Montants TTC", "Sarl", "15 juillet 2024": not a word of
 * it is anybody's own. */
static bool is_common(const struct reader *r, const struct row *name)
{
    const struct pattern *p = reference_pattern(r->ref, "nobodys_words");
    for (uint32_t i = 0; p && i < name->n_tokens; i++) {
        const struct token *t = &name->tokens[i];
        if (t->len > 1 && !is_digit(t->text[0]) && !lists(p->regex, t->text))
            return false;
    }
    return p != NULL;
}

/* A place and a date, "Lyon, le 15 juillet 2024". */
static bool has_date(const struct reader *r, const struct row *name)
{
    const struct pattern *months = reference_pattern(r->ref, "month_names");
    bool month = false, year = false;
    for (uint32_t i = 0; months && i < name->n_tokens; i++) {
        const struct token *t = &name->tokens[i];
        month |= lists(months->regex, t->text);
        year |= t->len == 4 && is_digit(t->text[0]);
    }
    return month && year;
}

/* A label and its value, "SIRET : 123", has a colon; names have none. */
static bool is_nobody(struct reader *r, const char *name)
{
    const struct names *names = all_names(r);
    struct row row = {.text = name};
    row.tokens = layout_tokens(r->a, name, &row.n_tokens);
    if (!row.n_tokens || strchr(name, ':') ||
        str_eq(row.tokens[0].text, "siren") ||
        str_eq(row.tokens[0].text, "siret") ||
        str_eq(row.tokens[0].text, "rcs") || is_common(r, &row) ||
        has_date(r, &row))
        return true;
    for (const struct name *m = names->chains[hash(row.tokens[0].text)]; m;
         m = m->next)
        if (m->supplier->is_operator && tokens_at(&row, 0, m->tokens, m->n))
            return true;
    return false;
}

/* The name that opens the legal notice: text before a dash or comma,
 * without its legal form. */
static bool issuer_of_notice(struct reader *r, uint32_t i)
{
    const struct row *row = &r->l->rows[i];
    const char *t = row->text;
    uint32_t end = 0;
    while (end < row->len && t[end] != ',' && t[end] != '\t' &&
           !str_starts(t + end, " – ") && !str_starts(t + end, " - ") &&
           !str_starts(t + end, " au capital") &&
           !str_starts(t + end, " SIREN") && !str_starts(t + end, " RCS"))
        end++;
    if (end < 3 || end > 60 || is_digit(*t))
        return false;
    char *name = arena_strndup(r->a, t, end);
    char *last = strrchr(name, ' ');
    if (last && legal_form(last + 1))
        *last = 0;
    if (is_nobody(r, name))
        return false;
    struct candidate c = {.row = i, .to = end};
    reader_set(r, F_supplier_name, name, 0, &c, 700);
    return true;
}

/* Else the first words of page 1 that are no label and no title. */
static void issuer_of_header(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows && i < 12; i++) {
        const struct row *row = &r->l->rows[i];
        const struct cell *c = row->n_cells ? &row->cells[0] : NULL;
        if (!c || !in_header(r, row) || row->n_tokens == 0 ||
            row->n_tokens > 8 || reader_find(r, i, 0, SAYS_COMPONENT - 1) ||
            reader_find(r, i, SAYS_PAPER, SAYS_MAX - 1) ||
            is_digit(row->text[0]) || row->tokens[0].len < 3 ||
            supplier_row_has(row, "reference"))
            continue;
        char *name = arena_strndup(r->a, row->text + c->from, c->to - c->from);
        if (is_nobody(r, name))
            continue;
        struct candidate at = {.row = i, .from = c->from, .to = c->to};
        reader_set(r, F_supplier_name, name, 0, &at, 450);
        return;
    }
}

static void find_issuer(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        if (in_legal_notice(&r->l->rows[i]) &&
            !supplier_about_customer(&r->l->rows[i]) && issuer_of_notice(r, i))
            return;
    if (!by_labels(r))
        issuer_of_header(r);
}

/* ---- decision ----------------------------------------------------------- */

static void names_at_their_place(const struct reader *r, struct named *top,
                                 struct named *notice)
{
    const struct names *names = all_names(r);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        if (in_header(r, row) && !supplier_about_customer(row))
            longest_name(r, i, names, top);
        else if (in_legal_notice(row) && !supplier_about_customer(row))
            longest_name(r, i, names, notice);
    }
}

/* Pages from the middle of an invoice have neither header nor notice: the
 * only supplier they name at all. */
static bool only_name(struct reader *r)
{
    const struct names *names = all_names(r);
    struct named all = {.letters = 0};
    bool one = true;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        struct named here = {.letters = 0};
        longest_name(r, i, names, &here);
        if (!here.supplier || supplier_about_customer(&r->l->rows[i]))
            continue;
        one = one && (!all.supplier || all.supplier == here.supplier);
        all = all.supplier ? all : here;
    }
    if (all.supplier && one)
        reader_set(r, F_supplier_name, all.supplier->name, 0, &all.at, 450);
    return all.supplier && one;
}

/* The header names a supplier, the SIREN is another's, and neither header nor
 * legal notice names that one. */
static void note_other(struct reader *r, const struct supplier *proof,
                       const struct named *top)
{
    const struct names *names = all_names(r);
    bool found = false;
    if (!proof || !top->supplier || top->supplier == proof ||
        top->supplier->is_brand || proof->is_brand)
        return;
    for (uint32_t i = 0; i < r->l->n_rows && !found; i++) {
        const struct row *row = &r->l->rows[i];
        if (in_header(r, row) || in_legal_notice(row))
            found = names_one(r, row, names, proof);
    }
    if (!found)
        supplier_note(r, MENTION_other_issuer, &top->at);
}

/* SIREN, then VAT number: NULL when neither is of the table. */
static const struct supplier *proved(const struct reader *r)
{
    const char *siren = invoice_text(r->inv, F_supplier_siren),
               *vat = invoice_text(r->inv, F_supplier_vat_id);
    const struct supplier *s = siren ? supplier_by_siren(r->ref, siren) : NULL;
    return s || !vat ? s : supplier_by_siren(r->ref, vat + 4);
}

/* A SIREN of nobody contradicts a domain whose supplier has another. */
static bool contradicted(const struct reader *r, const struct supplier *s)
{
    const char *siren = invoice_text(r->inv, F_supplier_siren);
    return s && siren && *s->siren && !str_eq(siren, s->siren);
}

/* SIREN and VAT number, domain, names at their place; the brand in the header
 * is displayed rather than its owner. */
void supplier_find(struct reader *r)
{
    struct named top = {.letters = 0}, notice = {.letters = 0};
    uint32_t row = 0;
    supplier_find_siren(r);
    supplier_find_vat_id(r);
    names_at_their_place(r, &top, &notice);
    const struct supplier *proof = proved(r),
                          *host = by_domain(r, top.supplier, &row);
    host = contradicted(r, host) ? NULL : host;
    note_other(r, proof, &top);
    const struct supplier *s = proof             ? proof
                               : host            ? host
                               : top.supplier    ? top.supplier
                               : notice.supplier ? notice.supplier
                                                 : NULL;
    if (top.supplier && top.supplier->is_brand)
        s = top.supplier;
    if (!s) {
        if (!only_name(r))
            find_issuer(r);
        return;
    }
    struct candidate at = {.row = row, .to = r->l->rows[row].len};
    at = top.supplier == s ? top.at : notice.supplier == s ? notice.at : at;
    bool agree = proof == s && (top.supplier == s || host == s);
    int conf = agree ? 970 : proof == s ? 950 : top.supplier == s ? 800 : 750;
    reader_set(r, F_supplier_name, s->name, 0, &at, conf);
}

/* real [-v] [--only NAME] [--facts TSV] [--data DIR] [--save DIR]: how many
 * fields of real energy bills are read right. Facts are what the bills print
 * (tests/fixtures/real_bills.tsv: - is not printed, ? is not judged, a|b is
 * either); bills that exist as text only are drawn as PDF first. The halves
 * are counted apart: the reader was tuned on the odd rows, and on the even
 * ones only after their first figures had been taken (unseen 71.1 % of the
 * French, 54.1 % of those from abroad; 82.2 % and 55.7 % after the odd rows
 * of France). */
#include <err.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/auto.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/str.h"
#include "document/document.h"
#include "document/pdf.h"
#include "invoice/audit.h"
#include "invoice/sheet.h"
#include "typewriter.h"

enum { FILE_BYTES_MAX = 32 << 20, COUNTED = 9 };

/* The columns of the facts; the first nine are the bar's. */
static const struct column {
    const char *name;
    int field; /* enum field_id, or F_MAX for a period */
} columns[] = {
    {"number", F_invoice_number},
    {"date", F_invoice_date},
    {"net", F_total_ht},
    {"vat", F_total_tva},
    {"total", F_total_ttc},
    {"due", F_amount_due},
    {"period", F_MAX},
    {"energy", F_energy_type},
    {"kwh", F_billed_kwh},
    {"due_date", F_due_date},
    {"currency", F_currency},
};

struct tally {
    size_t right[ARRAY_LEN(columns)], wrong[ARRAY_LEN(columns)];
    size_t lines_right, lines_missing, lines_extra;
};

struct run {
    const char *facts, *data, *only, *save;
    bool verbose;
    struct reference *ref;
    struct tally halves[2][2]; /* of here or abroad, odd or even */
    size_t documents;
};

static struct bytes load(struct arena *a, const char *path)
{
    struct buf b;
    char chunk[1 << 16];
    buf_init(&b, a, FILE_BYTES_MAX);
    AUTO_FILE f = fopen(path, "rb");
    if (!f)
        err(1, "%s", path);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, f)) > 0;)
        buf_add(&b, chunk, n);
    return buf_bytes(&b);
}

static void save(struct arena *a, const struct run *r, const char *name,
                 struct bytes pdf)
{
    const char *slash = strrchr(name, '/');
    const char *path = arena_printf(a, "%s/%s.pdf", r->save, slash + 1);
    AUTO_FILE f = fopen(path, "wb");
    if (!f || fwrite(pdf.p, 1, pdf.n, f) != pdf.n)
        err(1, "%s", path);
}

static struct invoice *read_bill(struct arena *a, const struct run *r,
                                 const char *name)
{
    struct bytes data = load(a, arena_printf(a, "%s/%s", r->data, name));
    if (str_ends(name, ".txt")) {
        data =
            typewriter_pdf(a, arena_strndup(a, (const char *)data.p, data.n));
        if (r->save)
            save(a, r, name, data);
    }
    struct document *doc = NULL;
    struct document_limits lim;
    document_limits(&lim);
    enum err e = pdf_read(a, data, &lim, &doc);
    if (e) {
        printf("%s: not read: %s\n", name, err_code(e));
        return NULL;
    }
    return invoice_read(a, doc, r->ref);
}

static const char *day_text(struct arena *a, int64_t day)
{
    int y, m, d;
    clock_civil((int32_t)day, &y, &m, &d);
    return arena_printf(a, "%04d-%02d-%02d", y, m, d);
}

/* A field in the wording of the facts; "-" when absent. */
static const char *found(struct arena *a, const struct invoice *inv, int id)
{
    if (!inv)
        return "-";
    if (id == F_MAX) {
        const struct value *from = &inv->f[F_period_start];
        const struct value *to = &inv->f[F_period_end];
        return from->present && to->present
                   ? arena_printf(a, "%s/%s", day_text(a, from->num),
                                  day_text(a, to->num))
                   : "-";
    }
    const struct value *v = &inv->f[id];
    const int64_t n = v->num, size = n < 0 ? -n : n;
    if (!v->present)
        return "-";
    switch (field_infos[id].type) {
    case FIELD_DATE:
        return day_text(a, n);
    case FIELD_CENTS:
        return arena_printf(a, "%s%lld.%02lld", n < 0 ? "-" : "",
                            (long long)size / 100, (long long)size % 100);
    case FIELD_TEXT:
    case FIELD_ENUM:
        return v->text;
    default:
        return arena_printf(a, "%lld", (long long)n);
    }
}

/* Facts may allow several: "-|344.85" where no tax is spoken of. */
static bool is_one_of(struct arena *a, const char *got, const char *facts)
{
    const char *parts[4];
    const size_t n = str_split(a, facts, '|', parts, ARRAY_LEN(parts));
    for (size_t i = 0; i < n; i++)
        if (str_eq(got, parts[i]))
            return true;
    return false;
}

static void tell(const struct run *r, const char *name, const char *what,
                 const char *want, const char *got, bool right)
{
    if (!right || r->verbose)
        printf("%s %s expected=%s found=%s %s\n", name, what, want, got,
               right ? "right" : "wrong");
}

/* Billed lines by their amounts: printed and found, missed, too many. */
static void compare_lines(struct arena *a, const struct run *r,
                          const char *name, const char *facts,
                          const struct invoice *inv, struct tally *t)
{
    const char *want[128];
    size_t n = str_eq(facts, "-") ? 0 : str_split(a, facts, ' ', want, 128);
    size_t read = inv ? inv->n_lines : 0, right = 0;
    bool *used = ARENA_ARRAY(a, read + 1, bool);
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        const double cents = strtod(want[i], NULL) * 100;
        const int64_t amount = (int64_t)(cents + (cents < 0 ? -.5 : .5));
        while (k < read && (used[k] || inv->lines[k].amount_cents != amount))
            k++;
        if (k < read)
            used[k] = true;
        right += k < read;
        tell(r, name, "line", want[i], k < read ? want[i] : "-", k < read);
    }
    for (size_t k = 0; k < read; k++)
        if (!used[k] && inv->lines[k].amount_cents != 0)
            tell(r, name, "line", "-",
                 arena_printf(a, "%lld %s",
                              (long long)inv->lines[k].amount_cents,
                              inv->lines[k].label),
                 false);
    t->lines_right += right;
    t->lines_missing += n - right;
    t->lines_extra += read - right;
}

static void run_bill(struct run *r, const struct sheet *s, size_t row)
{
    const char *name = sheet_cell(s, row, "file");
    if (r->only && !strstr(name, r->only))
        return;
    struct arena *a = arena_new(1 << 20);
    const bool abroad = *sheet_cell(s, row, "abroad") == 'y';
    struct tally *t = &r->halves[abroad][row % 2];
    const struct invoice *inv = read_bill(a, r, name);
    size_t right = 0, judged = 0;
    r->documents++;
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        const char *want = sheet_cell(s, row, columns[i].name);
        if (str_eq(want, "?"))
            continue;
        const char *got = found(a, inv, columns[i].field);
        const bool same = is_one_of(a, got, want);
        t->right[i] += same;
        t->wrong[i] += !same;
        right += same && i < COUNTED;
        judged += i < COUNTED;
        tell(r, name, columns[i].name, want, got, same);
    }
    const char *lines = sheet_cell(s, row, "lines");
    if (!str_eq(lines, "?"))
        compare_lines(a, r, name, lines, inv, t);
    printf("%s: %zu of %zu fields right\n", name, right, judged);
    arena_free(a);
}

static void add(struct tally *sum, const struct tally *t)
{
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        sum->right[i] += t->right[i];
        sum->wrong[i] += t->wrong[i];
    }
    sum->lines_right += t->lines_right;
    sum->lines_missing += t->lines_missing;
    sum->lines_extra += t->lines_extra;
}

static void table(const char *title, const struct tally *t)
{
    size_t right = 0, wrong = 0;
    printf("\n%s\n", title);
    for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
        const size_t all = t->right[i] + t->wrong[i];
        printf("  %-8s %3zu of %3zu right%s\n", columns[i].name, t->right[i],
               all, i < COUNTED ? "" : " (not in the bar)");
        right += i < COUNTED ? t->right[i] : 0;
        wrong += i < COUNTED ? t->wrong[i] : 0;
    }
    printf("  lines    %zu right, %zu missed, %zu too many\n", t->lines_right,
           t->lines_missing, t->lines_extra);
    printf("  nine fields: %zu of %zu right (%.1f %%)\n", right, right + wrong,
           right + wrong ? 100.0 * (double)right / (double)(right + wrong)
                         : 0.0);
}

static void summary(const struct run *r)
{
    static const char *const titles[2][2] = {
        {"French bills, odd rows", "French bills, even rows"},
        {"bills from abroad, odd rows (strict=false)",
         "bills from abroad, even rows (strict=false)"}};
    struct tally all = {0};
    for (int abroad = 0; abroad < 2; abroad++)
        for (int half = 0; half < 2; half++) {
            table(titles[abroad][half], &r->halves[abroad][half]);
            add(&all, &r->halves[abroad][half]);
        }
    table(
        arena_printf(r->ref->memory, "all %zu real energy bills", r->documents),
        &all);
}

static void parse(int argc, char **argv, struct run *r)
{
    static const struct option options[] = {{"only", 1, 0, 'o'},
                                            {"facts", 1, 0, 'f'},
                                            {"data", 1, 0, 'd'},
                                            {"save", 1, 0, 's'},
                                            {NULL, 0, 0, 0}};
    for (int c; (c = getopt_long(argc, argv, "v", options, NULL)) != -1;) {
        if (c == 'v')
            r->verbose = true;
        else if (c == 'o')
            r->only = optarg;
        else if (c == 'f')
            r->facts = optarg;
        else if (c == 'd')
            r->data = optarg;
        else if (c == 's')
            r->save = optarg;
        else
            errx(2, "real [-v] [--only NAME] [--facts TSV] [--data DIR] "
                    "[--save DIR]");
    }
}

int main(int argc, char **argv)
{
    struct run r = {.facts = "tests/fixtures/real_bills.tsv",
                    .data = "../shared/data/energy"};
    struct sheet s;
    parse(argc, argv, &r);
    const char *wrong_conf = conf_init();
    if (wrong_conf)
        errx(1, "%s", wrong_conf);
    if (access(r.data, R_OK) != 0) {
        printf("real bills: skipped, %s is not here\n", r.data);
        return 0;
    }
    struct arena *a = arena_new(1 << 16);
    r.ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!r.ref || !sheet_from_tsv(a, r.facts, &s))
        errx(1, "reference tables or %s cannot be used", r.facts);
    for (size_t i = 0; i < s.n_rows; i++)
        run_bill(&r, &s, i);
    summary(&r);
    reference_free(r.ref);
    arena_free(a);
    return 0;
}

/* The supplier: SIREN and VAT number are proof, a domain is good evidence, a
 * name counts at the top of page 1 and in the legal notice only. Network
 * operators are named on every invoice and never issue it. */
#include "invoice/supplier.h"
#include "base/str.h"
#include <string.h>

bool supplier_siren_ok(const char *nine_digits)
{
    int sum = 0;
    for (int i = 0; i < 9; i++) {
        if (nine_digits[i] < '0' || nine_digits[i] > '9')
            return false;
        int d = (nine_digits[i] - '0') * (i % 2 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

bool supplier_vat_key_ok(const char *key, const char *nine_digits)
{
    int64_t siren, k;
    if (!str_to_i64(key, &k) || !str_to_i64(nine_digits, &siren))
        return false;
    return k == (12 + 3 * (siren % 97)) % 97;
}

/* ---- numbers ------------------------------------------------------------ */

struct number_at {
    char digits[20];
    size_t n;
    uint32_t from, to;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The next run of digits with single spaces, at most 19 digits. */
static bool next_digits(const struct row *row, uint32_t *at,
                        struct number_at *out)
{
    const char *t = row->text;
    while (*at < row->len && !is_digit(t[*at]))
        (*at)++;
    if (*at >= row->len)
        return false;
    out->n = 0;
    out->from = *at;
    while (is_digit(t[*at]) || (t[*at] == ' ' && is_digit(t[*at + 1]))) {
        if (is_digit(t[*at]) && out->n < sizeof out->digits - 1)
            out->digits[out->n++] = t[*at];
        (*at)++;
    }
    out->digits[out->n] = 0;
    out->to = *at;
    return true;
}

static bool row_has(const struct row *row, const char *token)
{
    for (uint32_t i = 0; i < row->n_tokens; i++)
        if (strcmp(row->tokens[i].text, token) == 0)
            return true;
    return false;
}

/* Rows that speak of the customer; "service client" is the supplier's. */
static bool about_customer(const struct row *row)
{
    return row_has(row, "client") && !row_has(row, "service");
}

static const struct supplier *by_siren(const struct reference *ref,
                                       const char *siren)
{
    for (size_t i = 0; i < ref->n_suppliers; i++)
        if (str_eq(ref->suppliers[i].siren, siren))
            return &ref->suppliers[i];
    return NULL;
}

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

static bool in_header(const struct reader *r, const struct row *row)
{
    return row->page == 1 && row->box.y0 < 0.15f * r->l->heights[0];
}

static bool in_legal_notice(const struct row *row)
{
    return row_has(row, "siren") || row_has(row, "rcs") ||
           row_has(row, "siret") || row_has(row, "capital") ||
           row_has(row, "intracommunautaire");
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
                named_in_passing(row, at))
                continue;
            best->supplier = m->supplier;
            best->letters = m->letters;
            best->at = (struct candidate){
                .row = i, .from = row->tokens[at].from,
                .to = row->tokens[at + m->n - 1].to};
        }
}

/* ---- domains ------------------------------------------------------------ */

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
        bool letters = tail >= 2 && tail <= 8 && dot[1] >= 'A' &&
                       !is_digit(dot[2]);
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

static const struct supplier *by_domain(const struct reader *r, uint32_t *row)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const char *host = r->l->rows[i].text;
        if (about_customer(&r->l->rows[i]))
            continue;
        for (size_t n; (n = supplier_host(host, &host)) > 0; host += n)
            for (size_t k = 0; k < r->ref->n_suppliers; k++) {
                const struct supplier *s = &r->ref->suppliers[k];
                if (s->is_operator || !has_domain(s, host, n))
                    continue;
                *row = i;
                return s;
            }
    }
    return NULL;
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

/* ---- the issuer's numbers ----------------------------------------------- */

/* First labelled SIREN of the document that is not the customer's. */
static void find_siren(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        struct number_at d;
        uint32_t at = 0;
        bool labelled = row_has(row, "siren") || row_has(row, "siret") ||
                        row_has(row, "rcs");
        while (next_digits(row, &at, &d)) {
            if ((d.n != 9 && d.n != 14) || !supplier_siren_ok(d.digits))
                continue;
            d.digits[9] = 0;
            bool known = by_siren(r->ref, d.digits) != NULL;
            if (about_customer(row) || (!labelled && !known) ||
                str_eq(d.digits, invoice_text(r->inv, F_customer_siren)))
                continue;
            struct candidate c = {.row = i, .from = d.from, .to = d.to};
            reader_set(r, F_supplier_siren, arena_strdup(r->a, d.digits), 0,
                       &c, known ? 950 : 900);
            return;
        }
    }
}

static void find_vat_id(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        for (const char *p = row->text; (p = strstr(p, "FR")); p += 2) {
            struct number_at d;
            uint32_t at = (uint32_t)(p + 2 - row->text);
            uint32_t from = at - 2;
            at += p[2] == ' ';
            if (!is_digit(row->text[at]) || !next_digits(row, &at, &d) ||
                d.n != 11)
                continue;
            char key[3] = {d.digits[0], d.digits[1], 0};
            if (!supplier_vat_key_ok(key, d.digits + 2) ||
                about_customer(row))
                continue;
            struct candidate c = {.row = i, .from = from, .to = d.to};
            reader_set(r, F_supplier_vat_id,
                       arena_printf(r->a, "FR%s", d.digits), 0, &c, 950);
            return;
        }
    }
}

/* ---- a supplier the table does not know --------------------------------- */

static bool legal_form(const char *s)
{
    static const char *const forms[] = {"SA",  "SAS", "SASU",  "SARL", "SNC",
                                        "SEM", "SCIC", "SAEML", "SCA"};
    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (strcmp(s, forms[i]) == 0)
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
            row->n_tokens > 8 ||
            reader_find(r, i, 0, SAYS_COMPONENT - 1) ||
            reader_find(r, i, SAYS_PAPER, SAYS_MAX - 1) ||
            is_digit(row->text[0]) || row->tokens[0].len < 3 ||
            row_has(row, "reference"))
            continue;
        struct candidate at = {.row = i, .from = c->from, .to = c->to};
        reader_set(r, F_supplier_name,
                   arena_strndup(r->a, row->text + c->from, c->to - c->from),
                   0, &at, 450);
        return;
    }
}

static void find_issuer(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        if (in_legal_notice(&r->l->rows[i]) &&
            !about_customer(&r->l->rows[i]) && issuer_of_notice(r, i))
            return;
    issuer_of_header(r);
}

/* ---- decision ----------------------------------------------------------- */

static void names_at_their_place(const struct reader *r, struct named *top,
                                 struct named *notice)
{
    const struct names *names = all_names(r);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        if (in_header(r, row) && !about_customer(row))
            longest_name(r, i, names, top);
        else if (in_legal_notice(row) && !about_customer(row))
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
        if (!here.supplier || about_customer(&r->l->rows[i]))
            continue;
        one = one && (!all.supplier || all.supplier == here.supplier);
        all = all.supplier ? all : here;
    }
    if (all.supplier && one)
        reader_set(r, F_supplier_name, all.supplier->name, 0, &all.at, 450);
    return all.supplier && one;
}

void supplier_find(struct reader *r)
{
    struct named top = {.letters = 0}, notice = {.letters = 0};
    uint32_t row = 0;
    find_siren(r);
    find_vat_id(r);
    names_at_their_place(r, &top, &notice);
    const char *siren = invoice_text(r->inv, F_supplier_siren);
    const char *vat = invoice_text(r->inv, F_supplier_vat_id);
    const struct supplier *s = siren ? by_siren(r->ref, siren) : NULL;
    if (!s && vat)
        s = by_siren(r->ref, vat + 4);
    s = s && s->is_operator ? NULL : s;
    const struct supplier *proof = s;
    if (top.supplier && (!s || top.supplier->is_brand))
        s = top.supplier;
    const struct supplier *host = by_domain(r, &row);
    s = s ? s : notice.supplier ? notice.supplier : host;
    if (!s) {
        if (!only_name(r))
            find_issuer(r);
        return;
    }
    struct candidate at = {.row = row, .to = r->l->rows[row].len};
    at = top.supplier == s      ? top.at
         : notice.supplier == s ? notice.at
                                : at;
    bool agree = proof == s && (top.supplier == s || host == s);
    int conf = agree ? 970 : proof == s ? 950 : top.supplier == s ? 800 : 750;
    reader_set(r, F_supplier_name, s->name, 0, &at, conf);
}

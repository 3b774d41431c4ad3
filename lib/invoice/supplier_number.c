/* The issuer's SIREN and VAT number. Both have check digits: a right one is
 * proof, a wrong one on a text layer is worth telling. */
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

bool supplier_row_has(const struct row *row, const char *token)
{
    for (uint32_t i = 0; i < row->n_tokens; i++)
        if (strcmp(row->tokens[i].text, token) == 0)
            return true;
    return false;
}

/* Rows that speak of the customer; "service client" is the supplier's. */
bool supplier_about_customer(const struct row *row)
{
    return supplier_row_has(row, "client") && !supplier_row_has(row, "service");
}

const struct supplier *supplier_by_siren(const struct reference *ref,
                                         const char *siren)
{
    for (size_t i = 0; i < ref->n_suppliers; i++)
        if (str_eq(ref->suppliers[i].siren, siren))
            return &ref->suppliers[i];
    return NULL;
}

static bool of_operator(const struct supplier *s)
{
    return s && s->is_operator;
}

void supplier_note(struct reader *r, enum mention_id id,
                   const struct candidate *at)
{
    struct mention *m = &r->inv->mentions[id];
    if (m->present)
        return;
    *m = (struct mention){.present = true,
                          .ev = layout_evidence(r->a, &r->l->rows[at->row],
                                                at->from, at->to, 900)};
}

/* True when "SIREN" or "SIRET" stands directly before byte at. */
static bool follows_label(const struct row *row, uint32_t at)
{
    for (uint32_t i = 0; i < row->n_tokens; i++) {
        const struct token *t = &row->tokens[i];
        if (t->to > at ||
            (strcmp(t->text, "siren") != 0 && strcmp(t->text, "siret") != 0))
            continue;
        if (t->to + strspn(row->text + t->to, " :.-") == at)
            return true;
    }
    return false;
}

/* A number labelled as SIREN that is none. What OCR read may be read wrong. */
static void note_wrong(struct reader *r, const struct row *row,
                       const struct candidate *at)
{
    if (!row->ocr && !supplier_about_customer(row) &&
        follows_label(row, at->from))
        supplier_note(r, MENTION_wrong_siren, at);
}

/* How good a place a valid SIREN has, 0 for none: the table's own need no
 * label, unless a parent company is told; a legal notice is better than a
 * label alone, which may stand under a customer's address. */
static int standing(const struct reader *r, const struct row *row,
                    const char *siren)
{
    const struct supplier *known = supplier_by_siren(r->ref, siren);
    const bool parent = supplier_row_has(row, "filiale") ||
                        supplier_row_has(row, "groupe"),
               notice = supplier_row_has(row, "rcs") ||
                        supplier_row_has(row, "capital"),
               labelled = notice || supplier_row_has(row, "siren") ||
                          supplier_row_has(row, "siret");
    if (supplier_about_customer(row) || of_operator(known) ||
        str_eq(siren, invoice_text(r->inv, F_customer_siren)))
        return 0;
    if (parent)
        return labelled;
    return known ? 3 : notice ? 2 : labelled;
}

/* The best SIREN of the document that is neither the customer's nor a network
 * operator's, the first of several. */
void supplier_find_siren(struct reader *r)
{
    int best = 0;
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        struct number_at d;
        uint32_t at = 0;
        while (next_digits(row, &at, &d)) {
            struct candidate c = {.row = i, .from = d.from, .to = d.to};
            if (d.n != 9 && d.n != 14)
                continue;
            d.digits[9] = 0;
            if (!supplier_siren_ok(d.digits)) {
                note_wrong(r, row, &c);
                continue;
            }
            const int place = standing(r, row, d.digits);
            if (place <= best)
                continue;
            best = place;
            reader_set(r, F_supplier_siren, arena_strdup(r->a, d.digits), 0, &c,
                       place == 3 ? 950 : 900);
        }
    }
}

/* True when the VAT number at p is taken. One whose key is wrong is noted
 * where the row says that it is one. */
static bool take_vat_id(struct reader *r, uint32_t i, const char *p)
{
    const struct row *row = &r->l->rows[i];
    struct number_at d;
    uint32_t at = (uint32_t)(p + 2 - row->text);
    struct candidate c = {.row = i, .from = at - 2};
    at += p[2] == ' ';
    if (!is_digit(row->text[at]) || !next_digits(row, &at, &d) || d.n != 11 ||
        supplier_about_customer(row))
        return false;
    c.to = d.to;
    const char key[3] = {d.digits[0], d.digits[1], 0};
    if (!supplier_vat_key_ok(key, d.digits + 2)) {
        if (!row->ocr && supplier_row_has(row, "tva"))
            supplier_note(r, MENTION_wrong_vat_id, &c);
        return false;
    }
    if (of_operator(supplier_by_siren(r->ref, d.digits + 2)))
        return false;
    reader_set(r, F_supplier_vat_id, arena_printf(r->a, "FR%s", d.digits), 0,
               &c, 950);
    return true;
}

void supplier_find_vat_id(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++)
        for (const char *p = r->l->rows[i].text; (p = strstr(p, "FR")); p += 2)
            if (take_vat_id(r, i, p))
                return;
}

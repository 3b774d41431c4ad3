/* What the invoice says beside its fields, with the first place of each.
 * Sentences run on: a row is read together with what stands below it. */
#include "base/str.h"
#include "invoice/french.h"
#include "invoice/marks.h"
#include "invoice/mention.h"
#include "invoice/reader.h"
#include <string.h>

enum { HITS_MAX = 64, GAP_ROWS = 2, RUN_ON = 80 /* bytes read below */ };

/* A cell and what follows below it, as one row. */
struct passage {
    struct row row;
    uint32_t source, offset, own; /* row, its first byte, its own length */
};

static void note(struct reader *r, enum mention_id id, uint32_t row,
                 uint32_t from, uint32_t to, int64_t num)
{
    struct mention *m = &r->inv->mentions[id];
    if (m->present)
        return;
    *m = (struct mention){
        .present = true,
        .num = num,
        .ev = layout_evidence(r->a, &r->l->rows[row], from, to, 800)};
}

/* The cell below a cell, NULL when the text does not go on there. */
static const struct cell *below(const struct reader *r, uint32_t i,
                                const struct cell *c, uint32_t *row)
{
    const struct row *own = &r->l->rows[i];
    for (uint32_t k = i + 1; k < r->l->n_rows && k <= i + GAP_ROWS; k++) {
        const struct row *next = &r->l->rows[k];
        if (next->page != own->page ||
            next->box.y0 - c->y1 > 1.2f * (c->y1 - c->y0))
            return NULL;
        for (uint32_t x = 0; x < next->n_cells; x++)
            if (next->cells[x].x0 < c->x1 && next->cells[x].x1 > c->x0) {
                *row = k;
                return &next->cells[x];
            }
    }
    return NULL;
}

/* Bytes of a text up to the last word that ends within RUN_ON. */
static int run_on(const char *text, uint32_t n)
{
    if (n <= RUN_ON)
        return (int)n;
    n = RUN_ON;
    while (n && text[n] != ' ' && text[n] != '\t')
        n--;
    return (int)n;
}

static struct passage passage(const struct reader *r, uint32_t i,
                              const struct cell *c)
{
    const struct row *own = &r->l->rows[i];
    struct passage p = {.source = i, .offset = c->from, .own = c->to - c->from};
    uint32_t under;
    const struct cell *more = below(r, i, c, &under);
    const char *text = own->text + c->from;
    const char *rest = more ? r->l->rows[under].text + more->from : "";
    p.row.text = more ? arena_printf(r->a, "%.*s %.*s", (int)p.own, text,
                                     run_on(rest, more->to - more->from), rest)
                      : arena_strndup(r->a, text, p.own);
    p.row.len = (uint32_t)strlen(p.row.text);
    p.row.ocr = own->ocr;
    p.row.tokens = layout_tokens(r->a, p.row.text, &p.row.n_tokens);
    return p;
}

/* The first percentage of a text in hundredths of a percent, -1 for none. */
static int64_t percent(const char *s)
{
    struct french_number n;
    while (*s) {
        if (*s < '0' || *s > '9' || !french_number(s, &n)) {
            s++;
            continue;
        }
        s += n.len;
        s += *s == ' ';
        if (*s == '%' && n.decimals <= 2)
            return french_scaled(&n, 2);
    }
    return -1;
}

/* The last amount of a row in cents, 0 for none. */
static int64_t last_amount(const struct reader *r, uint32_t row)
{
    struct mark *marks = ARENA_ARRAY(r->a, MARKS_MAX, struct mark);
    const size_t n = marks_scan(&r->l->rows[row], marks);
    int64_t cents = 0;
    for (size_t i = 0; i < n; i++)
        if (marks[i].kind == MARK_MONEY)
            cents = french_scaled(&marks[i].n, 2);
    return cents;
}

/* A discount counts with its percentage and outside billed lines; another's
 * account or a discount of an advert does not. */
static bool counts(const struct reader *r, const struct passage *p,
                   uint64_t said, enum mention_id id, int64_t *num)
{
    const uint64_t no_discount = (uint64_t)1 << MENTION_not_discount,
                   no_account = (uint64_t)1 << MENTION_not_new_account;
    if (id == MENTION_penalty)
        return !(said >> MENTION_professionals & 1);
    if (id == MENTION_new_account)
        return !(said & no_account);
    if (id == MENTION_emergency) /* a repair service is sold under that name */
        return !r->is_used[p->source];
    if (id == MENTION_untaxed)
        return (*num = last_amount(r, p->source)) > 0;
    if (id != MENTION_discount)
        return true;
    *num = percent(p->row.text);
    return *num > 0 && *num < 10000 && !(said & no_discount) &&
           !r->is_used[p->source];
}

static void read_passage(struct reader *r, const struct lexicon *lex,
                         const struct passage *p)
{
    struct hit hits[HITS_MAX];
    const size_t n = lexicon_find(lex, &p->row, 0, hits, 0, HITS_MAX);
    uint64_t said = 0;
    for (size_t i = 0; i < n; i++)
        said |= (uint64_t)1 << (hits[i].says - SAYS_MENTION);
    for (size_t i = 0; i < n; i++) {
        const uint32_t from = p->row.tokens[hits[i].from].from;
        const uint32_t to = p->row.tokens[hits[i].to - 1].to;
        const enum mention_id id = hits[i].says - SAYS_MENTION;
        int64_t num = 0;
        if (from < p->own && counts(r, p, said, id, &num))
            note(r, id, p->source, p->offset + from,
                 p->offset + (to < p->own ? to : p->own), num);
    }
}

/* ---- postcodes ---------------------------------------------------------- */

static bool digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (s[i] < '0' || s[i] > '9')
            return false;
    return true;
}

/* "75008 PARIS": five digits of their own before a capital; bytes up to the
 * name, 0 for none. */
static uint32_t postcode(const struct row *row, uint32_t at)
{
    const char *s = row->text + at;
    const bool starts = at == 0 || s[-1] == ' ' || s[-1] == '\t' ||
                        s[-1] == '-' || s[-1] == ',';
    const bool grouped = at > 1 && s[-1] == ' ' && digits(s - 2, 1);
    if (!starts || grouped || at + 7 > row->len || !digits(s, 5))
        return 0;
    return s[5] == ' ' && s[6] >= 'A' && s[6] <= 'Z' ? 6 : 0;
}

static bool is_at(const struct value *v, const struct row *row)
{
    return v->present && v->ev.page == row->page &&
           v->ev.box.y0 < row->box.y1 && v->ev.box.y1 > row->box.y0 - 14;
}

static bool is_customers(const struct invoice *inv, const struct row *row)
{
    return is_at(&inv->f[F_site_address], row) ||
           is_at(&inv->f[F_billing_address], row);
}

static void find_address(struct reader *r)
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        if (is_customers(r->inv, row))
            continue;
        for (uint32_t at = 0; at < row->len; at++) {
            const uint32_t n = postcode(row, at);
            if (n)
                note(r, MENTION_supplier_address, i, at, at + n, 0);
        }
    }
}

/* ---- bank accounts ------------------------------------------------------ */

/* Bytes of something that has the form of an IBAN without masked places;
 * 0 for none. */
static uint32_t account(const char *s)
{
    uint32_t n = 4, chars = 4;
    if (s[0] < 'A' || s[0] > 'Z' || s[1] < 'A' || s[1] > 'Z' ||
        !digits(s + 2, 2))
        return 0;
    for (; s[n]; n++) {
        const bool part =
            (s[n] >= '0' && s[n] <= '9') || (s[n] >= 'A' && s[n] <= 'Z');
        if (s[n] == 'X' || s[n] == '*')
            return 0;
        if (!part && !(s[n] == ' ' && digits(s + n + 1, 1)))
            break;
        chars += part;
    }
    return chars >= 15 && chars <= 34 ? n : 0;
}

static size_t letters_of(const char *s, uint32_t n)
{
    size_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        count += s[i] != ' ';
    return count;
}

static void find_accounts(struct reader *r)
{
    enum { FRENCH = 27 };
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        for (uint32_t at = 0; at + 15 < row->len; at++) {
            const char *s = row->text + at;
            const bool starts =
                at == 0 || s[-1] == ' ' || s[-1] == '\t' || s[-1] == ':';
            const uint32_t n = starts ? account(s) : 0;
            if (!n)
                continue;
            const bool ok = mention_iban_ok(arena_strndup(r->a, s, n));
            const bool french = s[0] == 'F' && s[1] == 'R';
            if (french && !ok && !row->ocr && letters_of(s, n) == FRENCH)
                note(r, MENTION_wrong_account, i, at, at + n, 0);
            if (!french && ok)
                note(r, MENTION_foreign_account, i, at, at + n, 0);
            at += n;
        }
    }
}

void mention_read(struct reader *r)
{
    const struct lexicon *lex = mention_lexicon(r->a, r->ref);
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        const struct cell whole = {.to = row->len,
                                   .x0 = row->box.x0,
                                   .x1 = row->box.x1,
                                   .y0 = row->box.y0,
                                   .y1 = row->box.y1};
        for (uint32_t c = 0; c < row->n_cells && row->n_cells > 1; c++) {
            const struct passage p = passage(r, i, &row->cells[c]);
            read_passage(r, lex, &p);
        }
        const struct passage p = passage(r, i, &whole);
        read_passage(r, lex, &p);
    }
    find_address(r);
    find_accounts(r);
    r->inv->mentions_read = true;
}

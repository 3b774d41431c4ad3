/* What kind of paper it is. A title near the top of the first page says so,
 * but bills also announce the next schedule, offer a quotation or "pour en
 * avoir plus": what is billed under an invoice number is an invoice. */
#include "invoice/reader.h"
#include "base/str.h"
#include <string.h>

enum { TITLE_TOKENS = 6 };

static uint32_t tokens_after(const struct row *row, const struct hit *h)
{
    const struct cell *c =
        &row->cells[layout_cell(row, row->tokens[h->from].from)];
    uint32_t n = 0;
    for (uint32_t i = h->to; i < row->n_tokens && row->tokens[i].from < c->to;
         i++)
        n++;
    return n;
}

static bool opens_cell(const struct row *row, const struct hit *h)
{
    const struct cell *c =
        &row->cells[layout_cell(row, row->tokens[h->from].from)];
    return h->from == 0 || row->tokens[h->from - 1].from < c->from;
}

/* "Avoir", "Avoir n° 12", "Avoir du 3 mars": the word opens its cell and goes
 * on as a heading does, or not at all. With an amount it is a line. */
static bool is_credit_title(const struct row *row, const struct hit *h)
{
    if (!opens_cell(row, h) || strstr(row->text, "€"))
        return false;
    if (h->to - h->from > 1)
        return true; /* "note de crédit" is no everyday phrase */
    if (tokens_after(row, h) == 0)
        return true;
    const char *next = row->tokens[h->to].text;
    return strcmp(next, "n") == 0 || strcmp(next, "reference") == 0 ||
           (next[0] >= '0' && next[0] <= '9');
}

static bool is_title(const struct row *row, const struct hit *h, enum paper p)
{
    if (p == PAPER_INVOICE || p == PAPER_LETTER)
        return true;
    if (p == PAPER_ADJUSTMENT && opens_cell(row, h))
        return true;
    if (p == PAPER_CREDIT)
        return is_credit_title(row, h);
    return row->n_tokens <= TITLE_TOKENS;
}

/* "Rappel de paiement" opens a cell of a short row without an amount. */
static bool is_reminder_row(const struct row *row, const struct token *t,
                            uint32_t n)
{
    if (row->n_tokens > TITLE_TOKENS || strstr(row->text, "€"))
        return false;
    for (uint32_t at = 0; n && at + n <= row->n_tokens; at++) {
        const uint32_t from = row->tokens[at].from;
        uint32_t same = 0;
        while (same < n &&
               strcmp(row->tokens[at + same].text, t[same].text) == 0)
            same++;
        if (same == n && row->cells[layout_cell(row, from)].from == from)
            return true;
    }
    return false;
}

/* A reminder bills nothing: it asks again for what an invoice billed. */
static bool is_reminder(const struct reader *r)
{
    enum { PHRASES = 64 };
    const struct pattern *p = reference_pattern(r->ref, "reminder_titles");
    const char *phrases[PHRASES];
    const size_t k = p ? str_split(r->a, p->regex, '|', phrases, PHRASES) : 0;
    for (size_t i = 0; i < k; i++) {
        uint32_t n;
        const struct token *t = layout_tokens(r->a, phrases[i], &n);
        for (uint32_t at = 0; at < r->l->n_rows; at++) {
            const struct row *row = &r->l->rows[at];
            if (row->page == r->first_page &&
                row->box.y0 < 0.5f * r->l->heights[row->page - 1] &&
                is_reminder_row(row, t, n))
                return true;
        }
    }
    return false;
}

static void find_titles(const struct reader *r, bool seen[8])
{
    for (uint32_t i = 0; i < r->l->n_rows; i++) {
        const struct row *row = &r->l->rows[i];
        if (row->page != r->first_page ||
            row->box.y0 >= 0.5f * r->l->heights[row->page - 1])
            continue;
        const struct hit *h = reader_find(r, i, SAYS_PAPER, SAYS_MAX - 1);
        for (; h && h < &r->hits[r->first_hit[i + 1]]; h++) {
            const int p = h->says - SAYS_PAPER;
            if (p >= 0 && p < 8 && is_title(row, h, (enum paper)p))
                seen[p] = true;
        }
    }
}

static bool has_energy_lines(const struct invoice *inv)
{
    bool energy = false;
    for (size_t i = 0; i < inv->n_lines; i++)
        energy |= (inv->lines[i].component == COMP_CONSUMPTION ||
                   inv->lines[i].component == COMP_SUBSCRIPTION) &&
                  inv->lines[i].amount_cents > 0;
    return energy;
}

/* Energy is billed for a sum under an invoice's number. */
static bool bills_energy(const struct invoice *inv)
{
    const struct value *total = &inv->f[F_total_ttc];
    return has_energy_lines(inv) && total->present && total->num > 0 &&
           inv->f[F_invoice_number].present;
}

void paper_read_title(struct reader *r)
{
    static const enum paper order[] = {PAPER_CREDIT,  PAPER_SCHEDULE,
                                       PAPER_QUOTE,   PAPER_ADJUSTMENT,
                                       PAPER_INVOICE, PAPER_LETTER};
    struct invoice *inv = r->inv;
    bool seen[8] = {false};
    find_titles(r, seen);
    if (bills_energy(inv) && (seen[PAPER_INVOICE] || seen[PAPER_ADJUSTMENT]))
        seen[PAPER_SCHEDULE] = seen[PAPER_QUOTE] = false;
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (seen[order[i]]) {
            inv->paper = order[i];
            break;
        }
    if (inv->paper == PAPER_SCHEDULE) /* its amounts are instalments */
        inv->f[F_total_ttc].present = inv->f[F_amount_due].present = false;
    if (inv->f[F_total_ttc].present && inv->f[F_total_ttc].num < 0)
        inv->paper = PAPER_CREDIT;
    if (!has_energy_lines(inv) && inv->paper != PAPER_CREDIT &&
        is_reminder(r)) {
        inv->paper = PAPER_LETTER;
        return;
    }
    const bool billed = inv->n_lines > 0 || inv->f[F_total_ttc].present;
    if ((inv->paper == PAPER_UNKNOWN || inv->paper == PAPER_LETTER) && billed)
        inv->paper = PAPER_INVOICE;
}

/* Billed lines as a report shows them: an invoice of a business may have
 * dozens, the page has room for eight. */
#include "invoice/report_lines.h"

#include "base/str.h"
#include "invoice/report_words.h"
#include "base/banned.h"

enum { ROWS = 8 };

static struct model_line copy_line(struct arena *a, const struct line *l)
{
    return (struct model_line){
        .component = l->component,
        .energy = l->energy,
        .registr = report_words_find("register", l->registr),
        .label = l->label && *l->label ? arena_strdup(a, l->label) : NULL,
        .has_quantity = l->has_quantity,
        .has_price = l->has_price,
        .has_amount = l->has_amount,
        .has_rate = l->has_rate,
        .quantity_milli = report_model_bounded(l->quantity_milli),
        .price_micro = report_model_bounded(l->price_micro),
        .amount_cents = report_model_bounded(l->amount_cents),
        .unit = report_words_find("unit", unit_name(l->unit)),
        .rate_bp = l->rate_bp,
    };
}

/* Adds b to the row; what differs between the two is not shown. */
static void merge(struct model_line *row, const struct model_line *b)
{
    row->label = NULL;
    row->registr = NULL;
    /* two taxes on the same kWh are not twice the kWh */
    row->has_quantity = row->has_quantity && b->has_quantity &&
                        row->component == COMP_CONSUMPTION &&
                        str_eq(row->unit, b->unit);
    row->quantity_milli += b->quantity_milli;
    row->has_price = false;
    row->has_rate = row->has_rate && b->has_rate && row->rate_bp == b->rate_bp;
    row->amount_cents += b->amount_cents;
    row->has_amount = row->has_amount || b->has_amount;
}

static struct model_line *row_of(struct report_model *m,
                                 const struct model_line *l)
{
    for (size_t i = 0; i < m->n_lines; i++)
        if (m->lines[i].component == l->component &&
            m->lines[i].energy == l->energy)
            return &m->lines[i];
    return NULL;
}

static void add_row(struct report_model *m, const struct model_line *l,
                    bool grouped)
{
    struct model_line *row = grouped ? row_of(m, l) : NULL;
    if (!row && m->n_lines == ROWS) {
        row = &m->lines[ROWS - 1];
        row->component = COMP_OTHER;
    }
    if (row)
        merge(row, l);
    else
        m->lines[m->n_lines++] = *l;
}

static enum model_part part_of(enum component c)
{
    switch (c) {
    case COMP_NETWORK:
    case COMP_OVERRUN:
    case COMP_REACTIVE:
        return PART_NETWORK;
    case COMP_CTA:
    case COMP_EXCISE:
    case COMP_LOCAL_TAX:
        return PART_TAXES;
    case COMP_SERVICE:
    case COMP_GREEN:
    case COMP_FEE:
        return PART_SERVICES;
    default:
        return PART_ENERGY;
    }
}

/* The network share printed as "dont acheminement" is inside the prices of
 * subscription and kWh: shown apart, taken from them. */
static void split_network(const struct invoice *inv, struct report_model *m)
{
    int64_t share =
        report_model_bounded(invoice_num(inv, F_network_share_ht, 0));
    if (m->parts[PART_NETWORK] != 0 || share <= 0 ||
        share >= m->parts[PART_ENERGY])
        return;
    m->parts[PART_NETWORK] = share;
    m->parts[PART_ENERGY] -= share;
    m->network_inside = true;
}

static void fill_parts(const struct invoice *inv, struct report_model *m)
{
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].has_amount)
            m->parts[part_of(inv->lines[i].component)] +=
                report_model_bounded(inv->lines[i].amount_cents);
    split_network(inv, m);
    if (m->total_tva != MODEL_NO_AMOUNT)
        m->parts[PART_VAT] = m->total_tva;
    else
        for (size_t i = 0; i < inv->n_vat; i++)
            m->parts[PART_VAT] +=
                report_model_bounded(inv->vat[i].amount_cents);
    if (m->total_ttc == MODEL_NO_AMOUNT)
        return;
    int64_t rest = m->total_ttc;
    for (int i = 0; i < PART_UNKNOWN; i++)
        rest -= m->parts[i];
    /* below one per cent it is rounding */
    if (rest > 100 && rest > m->total_ttc / 100)
        m->parts[PART_UNKNOWN] = rest;
}

void report_lines_fill(struct arena *a, const struct invoice *inv,
                       struct report_model *m)
{
    for (size_t i = 0; i < inv->n_lines; i++) {
        struct model_line l = copy_line(a, &inv->lines[i]);
        add_row(m, &l, inv->n_lines > ROWS);
    }
    fill_parts(inv, m);
}

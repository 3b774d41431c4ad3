/* What type, strict and confidence_min mean. */
#include "invoice/audit.h"
#include "base/str.h"

void audit_warn(struct audit_result *out, const char *code)
{
    for (size_t i = 0; i < out->n_warnings; i++)
        if (str_eq(out->warnings[i], code))
            return;
    if (out->n_warnings < ARRAY_LEN(out->warnings))
        out->warnings[out->n_warnings++] = code;
}

/* A schedule, a quote, a letter or a credit note is not analysed. */
static bool is_ordinary(const struct invoice *inv)
{
    return inv->paper == PAPER_INVOICE || inv->paper == PAPER_ADJUSTMENT ||
           inv->paper == PAPER_UNKNOWN;
}

/* What the paper is when no ordinary invoice. */
static const char *const papers[] = {[PAPER_CREDIT] = "credit_note",
                                     [PAPER_SCHEDULE] = "payment_schedule",
                                     [PAPER_QUOTE] = "quotation",
                                     [PAPER_LETTER] = "letter"};

static void warn_pages(const struct invoice *inv, struct audit_result *out)
{
    if (inv->pages == PAGES_MISSING)
        audit_warn(out, "pages_missing");
    if (inv->pages == PAGES_REPEATED)
        audit_warn(out, "pages_repeated");
    if (inv->pages_shuffled)
        audit_warn(out, "pages_out_of_order");
}

/* strict: a type that contradicts, or none at all, ends the audit. */
static enum err check_strict(const struct invoice *inv,
                             const struct audit_request *req)
{
    bool sure =
        inv->energy != ENERGY_NONE && inv->energy_conf >= req->confidence_min;
    if (!is_ordinary(inv) || inv->energy == ENERGY_NONE || inv->is_foreign)
        return ERR_ENERGY_TYPE_UNDETECTED; /* whatever was announced */
    if (req->expected == ENERGY_NONE && !sure)
        return ERR_ENERGY_TYPE_UNDETECTED;
    if (req->expected != ENERGY_NONE && sure && inv->energy != req->expected)
        return ERR_ENERGY_TYPE_MISMATCH;
    if (inv->conf < req->confidence_min)
        return ERR_CONFIDENCE_TOO_LOW;
    return OK;
}

static void drop_field(struct invoice *inv, enum field_id id)
{
    inv->f[id] = (struct value){.ev.unsure = inv->f[id].ev.unsure};
}

static void set_energy(struct invoice *inv, enum energy e)
{
    inv->energy = e;
    inv->f[F_energy_type].present = e != ENERGY_NONE;
    inv->f[F_energy_type].text = energy_name(e);
}

/* Leaves the part of one energy of a dual invoice: its lines, its meters and
 * its own total. Totals of the whole would not add up any more. */
static void keep_part(struct invoice *inv, enum energy e)
{
    static const enum field_id whole[] = {
        F_total_ht, F_total_tva,        F_amount_due,      F_cheque_energie,
        F_deposits, F_previous_balance, F_network_share_ht};
    size_t n = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].energy == e)
            inv->lines[n++] = inv->lines[i];
    inv->n_lines = n;
    n = 0;
    for (size_t i = 0; i < inv->n_meters; i++)
        if (inv->meters[i].energy == e)
            inv->meters[n++] = inv->meters[i];
    inv->n_meters = n;
    inv->n_vat = 0;
    for (size_t i = 0; i < ARRAY_LEN(whole); i++)
        drop_field(inv, whole[i]);
    inv->f[F_total_ttc] =
        inv->f[e == ENERGY_GAS ? F_gaz_ttc : F_electricite_ttc];
    set_energy(inv, e);
}

/* Not a word speaks of energy, or it was sold abroad: what the caller
 * announced does not make French energy rules apply. */
static bool bills_other(const struct invoice *inv)
{
    return inv->energy == ENERGY_NONE &&
           (inv->is_foreign || !inv->energy_why || !*inv->energy_why);
}

/* not strict: go on with the detected type, else the announced one, and say
 * what was odd. */
static void adapt(struct invoice *inv, const struct audit_request *req,
                  struct audit_result *out)
{
    bool sure =
        inv->energy != ENERGY_NONE && inv->energy_conf >= req->confidence_min;
    if (!is_ordinary(inv)) {
        audit_warn(out, "not_an_ordinary_invoice");
        audit_warn(out, papers[inv->paper]);
    }
    if (inv->is_foreign)
        audit_warn(out, "foreign_invoice");
    if (inv->conf < req->confidence_min)
        audit_warn(out, "confidence_too_low");
    if (!sure) {
        audit_warn(out, "energy_type_undetected");
        if (inv->energy == ENERGY_NONE && !bills_other(inv))
            set_energy(inv, req->expected);
        if (inv->energy == ENERGY_NONE)
            audit_warn(out, "energy_checks_not_applied");
    } else if (req->expected != ENERGY_NONE && inv->energy != req->expected) {
        audit_warn(out, "energy_type_mismatch");
        if (inv->energy == ENERGY_DUAL) {
            audit_warn(out, "one_energy_analysed");
            keep_part(inv, req->expected);
        }
    }
}

/* What was read with less confidence than asked counts as not printed. The
 * needles stay: what identifies must never show, however badly read. */
static void forget_unsure(struct invoice *inv, int16_t min)
{
    size_t n = 0;
    for (int i = 0; i < F_MAX; i++)
        if (inv->f[i].present && inv->f[i].ev.conf < min && i != F_energy_type)
            drop_field(inv, (enum field_id)i);
    for (size_t i = 0; i < inv->n_lines; i++)
        if (inv->lines[i].ev.conf >= min)
            inv->lines[n++] = inv->lines[i];
    inv->n_lines = n;
    n = 0;
    for (size_t i = 0; i < inv->n_vat; i++)
        if (inv->vat[i].ev.conf >= min)
            inv->vat[n++] = inv->vat[i];
    inv->n_vat = n;
    n = 0;
    for (size_t i = 0; i < inv->n_meters; i++)
        if (inv->meters[i].ev.conf >= min)
            inv->meters[n++] = inv->meters[i];
    inv->n_meters = n;
}

/* Named whether used (strict=false) or left out. */
static void list_uncertain(const struct invoice *inv, int16_t min,
                           struct audit_result *out)
{
    out->n_uncertain = 0;
    for (int i = 0; i < F_MAX; i++)
        if ((inv->f[i].present && inv->f[i].ev.conf < min) ||
            inv->f[i].ev.unsure)
            out->uncertain[out->n_uncertain++] = field_infos[i].name;
}

enum err audit_settle(const struct audit_request *req, struct audit_result *out)
{
    struct invoice *inv = out->invoice;
    out->detected = inv->energy;
    out->detected_conf = inv->energy_conf;
    out->why = inv->energy_why;
    out->confidence_min = req->confidence_min;
    list_uncertain(inv, req->confidence_min, out);
    if (!req->strict) {
        adapt(inv, req, out);
        warn_pages(inv, out);
        return OK;
    }
    enum err e = check_strict(inv, req);
    if (e)
        return e;
    if (inv->energy_conf < req->confidence_min)
        set_energy(inv, req->expected);
    forget_unsure(inv, req->confidence_min);
    warn_pages(inv, out);
    return OK;
}

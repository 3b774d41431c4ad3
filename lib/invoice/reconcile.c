/* Fields. A value of the model without evidence may strengthen what the rules
 * read, and stands beside it or alone with little confidence; it never
 * weakens or replaces anything. */
#include "invoice/reconcile.h"
#include <string.h>
#include "base/str.h"
#include "base/banned.h"

enum {
    AGREED_MOST = 980,
    CONFIRMED = 800,
    ONE_IDENTITY = 900,
    TWO_IDENTITIES = 970,
    IMPOSSIBLE = 300,
    LOOSE_LEAST = 6
};

int16_t reconcile_agreed(int rules, int model)
{
    int both = 1000 - (1000 - rules) * (1000 - model) / 1000;
    both = both > AGREED_MOST ? AGREED_MOST : both;
    return (int16_t)(both > rules ? both : rules);
}

/* ---- identities (README 1.8) --------------------------------------------- */

struct verdict {
    int satisfied, violated;
};

static void judge(struct verdict *v, bool known, bool holds)
{
    v->satisfied += known && holds;
    v->violated += known && !holds;
}

/* A field as it would be with num in it. */
static int64_t with(const struct invoice *inv, enum field_id id,
                    enum field_id changed, int64_t num, bool *known)
{
    *known &= id == changed || inv->f[id].present;
    return id == changed ? num : inv->f[id].num;
}

static int64_t sum_of_lines(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_lines; i++)
        sum += inv->lines[i].amount_cents;
    return sum;
}

static int64_t sum_of_vat(const struct invoice *inv)
{
    int64_t sum = 0;
    for (size_t i = 0; i < inv->n_vat; i++)
        sum += inv->vat[i].amount_cents;
    return sum;
}

/* gross - instalments - cheque + balance = due, what is absent being 0. */
static void judge_due(const struct invoice *inv, enum field_id id, int64_t num,
                      struct verdict *v)
{
    bool known = true, any = true;
    int64_t ttc = with(inv, F_total_ttc, id, num, &known);
    int64_t due = with(inv, F_amount_due, id, num, &known);
    int64_t balance = with(inv, F_previous_balance, id, num, &any);
    judge(v, known,
          ttc - invoice_num(inv, F_deposits, 0) -
                  invoice_num(inv, F_cheque_energie, 0) + balance ==
              due);
}

/* What the rest of the record says of num in the place of field id. */
static struct verdict judge_money(const struct invoice *inv, enum field_id id,
                                  int64_t num)
{
    struct verdict v = {0};
    bool known = true;
    int64_t ht = with(inv, F_total_ht, id, num, &known);
    int64_t tva = with(inv, F_total_tva, id, num, &known);
    int64_t ttc = with(inv, F_total_ttc, id, num, &known);
    if (id == F_total_ht || id == F_total_tva || id == F_total_ttc)
        judge(&v, known, ht + tva == ttc);
    if (id == F_total_ht)
        judge(&v, inv->n_lines > 0, sum_of_lines(inv) == num);
    if (id == F_total_tva)
        judge(&v, inv->n_vat > 0, sum_of_vat(inv) == num);
    if (id == F_total_ttc || id == F_amount_due || id == F_previous_balance)
        judge_due(inv, id, num, &v);
    return v;
}

static bool is_total(enum field_id id)
{
    return id == F_total_ht || id == F_total_tva || id == F_total_ttc ||
           id == F_amount_due || id == F_previous_balance;
}

/* start <= end <= invoice date <= due date, for those that are known. */
static bool breaks_order(const struct invoice *inv, enum field_id id,
                         int64_t num)
{
    static const enum field_id order[] = {F_period_start, F_period_end,
                                          F_invoice_date, F_due_date};
    size_t place = ARRAY_LEN(order);
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (order[i] == id)
            place = i;
    for (size_t i = 0; place < ARRAY_LEN(order) && i < ARRAY_LEN(order); i++) {
        const struct value *v = &inv->f[order[i]];
        if (v->present &&
            ((i < place && v->num > num) || (i > place && v->num < num)))
            return true;
    }
    return false;
}

static struct verdict verdict_on(const struct invoice *inv, enum field_id id,
                                 const struct value *v)
{
    if (is_total(id))
        return judge_money(inv, id, v->num);
    if (field_infos[id].type == FIELD_DATE)
        return (struct verdict){.violated = breaks_order(inv, id, v->num)};
    return (struct verdict){0};
}

/* ---- one field ----------------------------------------------------------- */

/* Names and addresses, which readers take with more or less around them. */
static bool is_loose(enum field_id id)
{
    return id == F_supplier_name || id == F_customer_name ||
           id == F_site_address || id == F_offer_name;
}

/* Squeezed texts; of names, one may be part of the other. */
static bool same_text(enum field_id id, const char *x, const char *y)
{
    size_t n = strlen(x), m = strlen(y);
    if (!is_loose(id) || n < LOOSE_LEAST || m < LOOSE_LEAST)
        return strcmp(x, y) == 0;
    return strstr(x, y) || strstr(y, x);
}

static bool same(struct arena *a, enum field_id id, const struct value *x,
                 const struct value *y)
{
    bool is_text = field_infos[id].type == FIELD_TEXT ||
                   field_infos[id].type == FIELD_ENUM;
    if (!is_text)
        return x->num == y->num;
    if (!x->text || !y->text)
        return false;
    return same_text(id, quote_squeeze(a, x->text), quote_squeeze(a, y->text));
}

static void keep_beside(struct arena *a, struct invoice *inv, enum field_id id,
                        const char *reader, const struct value *v)
{
    if (!inv->alternatives)
        inv->alternatives =
            ARENA_ARRAY(a, ALTERNATIVES_MAX, struct alternative);
    if (inv->n_alternatives < ALTERNATIVES_MAX)
        inv->alternatives[inv->n_alternatives++] =
            (struct alternative){id, reader, *v};
}

static void use(struct invoice *inv, enum field_id id, const struct value *v,
                struct reconciled *out)
{
    inv->f[id] = *v;
    out->used[out->n_used++] = id;
}

/* Both have evidence and differ: the one that an identity confirms, else the
 * surer one, at a price. */
static void dispute(struct arena *a, struct invoice *inv, enum field_id id,
                    const struct value *model, struct reconciled *out)
{
    struct value rules = inv->f[id], other = *model;
    struct verdict r = verdict_on(inv, id, &rules);
    struct verdict m = verdict_on(inv, id, model);
    int most = rules.ev.conf > model->ev.conf ? rules.ev.conf : model->ev.conf;
    bool by_identity = r.satisfied || m.satisfied;
    bool take = by_identity ? m.satisfied > r.satisfied
                            : model->ev.conf > rules.ev.conf;
    int16_t conf = (int16_t)(by_identity ? CONFIRMED : most * 6 / 10);
    out->disputed++;
    if (take) {
        keep_beside(a, inv, id, "rules", &rules);
        other.ev.conf = conf;
        use(inv, id, &other, out);
        return;
    }
    keep_beside(a, inv, id, "llm", model);
    inv->f[id].ev.conf = conf;
}

/* Only the model found something. Names without evidence are not taken. */
static void fill(struct invoice *inv, enum field_id id,
                 const struct opinion_value *o, struct reconciled *out)
{
    struct value v = o->v;
    struct verdict by = verdict_on(inv, id, &v);
    int conf = v.ev.conf;
    if (!o->verified && field_infos[id].identifying)
        return;
    if (o->verified && by.violated && inv->from_ocr && is_total(id))
        conf = conf * 7 / 10;
    if (o->verified && by.satisfied && !by.violated) {
        int least = by.satisfied > 1 ? TWO_IDENTITIES : ONE_IDENTITY;
        conf = conf < least ? least : conf;
    }
    bool order = field_infos[id].type == FIELD_DATE && by.violated;
    if ((o->impossible || order) && conf > IMPOSSIBLE)
        conf = IMPOSSIBLE;
    v.ev.conf = (int16_t)conf;
    use(inv, id, &v, out);
}

static void field(struct arena *a, struct invoice *inv, enum field_id id,
                  const struct opinion_value *o, struct reconciled *out)
{
    struct value *rules = &inv->f[id];
    bool order = field_infos[id].type == FIELD_DATE &&
                 verdict_on(inv, id, &o->v).violated;
    struct value model = o->v;
    if ((o->impossible || order) && model.ev.conf > IMPOSSIBLE)
        model.ev.conf = IMPOSSIBLE;
    if (!rules->present) {
        fill(inv, id, o, out);
    } else if (same(a, id, rules, &model)) {
        rules->ev.conf = reconcile_agreed(rules->ev.conf, model.ev.conf);
        out->agreed++;
    } else if (o->verified && !o->impossible && !order && !rules->ev.from_xml) {
        dispute(a, inv, id, &model, out);
    } else {
        keep_beside(a, inv, id, "llm", &model);
        out->disputed++;
    }
}

/* Whoever brings the energy is never the supplier, whatever is quoted. */
static bool is_operator(struct arena *a, const struct reference *ref,
                        const struct opinion *op)
{
    const struct value *name = &op->f[F_supplier_name].v;
    const struct value *siren = &op->f[F_supplier_siren].v;
    for (size_t i = 0; ref && i < ref->n_suppliers; i++) {
        const struct supplier *s = &ref->suppliers[i];
        if (!s->is_operator)
            continue;
        if (siren->present && *s->siren && str_eq(s->siren, siren->text))
            return true;
        for (size_t k = 0; name->present && k < s->n_names; k++)
            if (strcmp(quote_squeeze(a, s->names[k]),
                       quote_squeeze(a, name->text)) == 0)
                return true;
    }
    return false;
}

void reconcile(struct arena *a, const struct reference *ref,
               struct invoice *inv, const struct opinion *op,
               struct reconciled *out)
{
    bool operator_named = is_operator(a, ref, op);
    *out = (struct reconciled){0};
    for (int i = 0; i < F_MAX; i++) {
        bool who = i == F_supplier_name || i == F_supplier_siren;
        if (op->f[i].given && !(who && operator_named))
            field(a, inv, (enum field_id)i, &op->f[i], out);
    }
    reconcile_lines(a, inv, op, out);
}

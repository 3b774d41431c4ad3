/* lib/invoice/reconcile.c: the rules of energy/README section 7, a row each:
 * what the rules read, what the model says, what the record holds then. */
#include "invoice/reconcile.h"
#include "base/clock.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static void put(struct invoice *inv, enum field_id id, int64_t num, int conf)
{
    inv->f[id] = (struct value){
        .present = true, .num = num, .ev = {.conf = (int16_t)conf, .page = 1}};
}

/* 124.39 + 21.11 = 145.50, one line and one VAT row that add up. */
static struct invoice *record(void)
{
    struct invoice *inv = ARENA_NEW(a, struct invoice);
    inv->lines = ARENA_NEW(a, struct line);
    inv->vat = ARENA_NEW(a, struct vat_line);
    inv->lines[0].amount_cents = 12439;
    inv->vat[0].amount_cents = 2111;
    inv->n_lines = inv->n_vat = 1;
    put(inv, F_total_ht, 12439, 750);
    put(inv, F_total_tva, 2111, 750);
    put(inv, F_total_ttc, 14550, 750);
    put(inv, F_invoice_date, clock_days(2025, 5, 13), 750);
    put(inv, F_kva, 6, 750);
    return inv;
}

static struct reconciled say(struct invoice *inv, enum field_id id, int64_t num,
                             bool verified)
{
    struct opinion *op = ARENA_NEW(a, struct opinion);
    struct reconciled out;
    op->f[id] = (struct opinion_value){
        .given = true,
        .verified = verified,
        .v = {.present = true,
              .num = num,
              .ev = {.conf = verified ? 800 : 250, .page = 1}}};
    reconcile(a, NULL, inv, op, &out);
    return out;
}

static void is(const struct invoice *inv, enum field_id id, int64_t num,
               int conf, size_t others, const char *name)
{
    const struct value *v = &inv->f[id];
    tap_ok(v->present && v->num == num && v->ev.conf == conf &&
               inv->n_alternatives == others,
           "%s: %lld at %d, %zu beside", name, (long long)v->num, v->ev.conf,
           inv->n_alternatives);
}

static void fields(void)
{
    struct invoice *inv = record();
    say(inv, F_kva, 6, true);
    is(inv, F_kva, 6, 950, 0, "agreed, proved: 1 - 0.25 x 0.2");
    inv = record();
    say(inv, F_kva, 6, false);
    is(inv, F_kva, 6, 813, 0, "agreed, not proved: 1 - 0.25 x 0.75");
    inv = record();
    inv->f[F_kva].ev.conf = 970;
    say(inv, F_kva, 6, true);
    is(inv, F_kva, 6, 980, 0, "never above 0.98");
    inv = record();
    say(inv, F_kva, 9, false);
    is(inv, F_kva, 6, 750, 1, "another value, not proved: nothing changes");
    inv = record();
    struct reconciled r = say(inv, F_kva, 9, true);
    is(inv, F_kva, 9, 480, 1, "two proved values: the surer, x 0.6");
    tap_ok(r.n_used == 1 && r.used[0] == F_kva, "the model's value is used");
    tap_is_str(inv->alternatives[0].reader, "rules", "the other one beside");
    inv = record();
    inv->f[F_kva].ev.conf = 900;
    r = say(inv, F_kva, 9, true);
    is(inv, F_kva, 6, 540, 1, "the rules are surer");
    tap_is_str(inv->alternatives[0].reader, "llm", "the model beside");
    inv = record();
    r = say(inv, F_car_kwh, 6000, true);
    is(inv, F_car_kwh, 6000, 800, 0, "only the model: 0.80");
    inv = record();
    say(inv, F_car_kwh, 6000, false);
    is(inv, F_car_kwh, 6000, 250, 0, "only the model, not proved: 0.25");
}

static void embedded(void)
{
    struct invoice *inv = record();
    inv->f[F_kva].ev.from_xml = true;
    say(inv, F_kva, 9, true);
    is(inv, F_kva, 6, 750, 1, "the embedded invoice is not disputed");
}

static void identities(void)
{
    struct invoice *inv = record();
    say(inv, F_total_ttc, 12439, true);
    is(inv, F_total_ttc, 14550, 800, 1, "an identity keeps the rules' value");
    inv = record();
    inv->f[F_total_ttc].num = 14500;
    say(inv, F_total_ttc, 14550, true);
    is(inv, F_total_ttc, 14550, 800, 1, "an identity takes the model's");
    inv = record();
    inv->f[F_total_ttc].present = false;
    say(inv, F_total_ttc, 14550, true);
    is(inv, F_total_ttc, 14550, 900, 0, "filled, one identity: 0.90");
    inv = record();
    inv->f[F_total_ht].present = false;
    say(inv, F_total_ht, 12439, true);
    is(inv, F_total_ht, 12439, 970, 0, "filled, two: 0.97");
    inv = record();
    inv->f[F_total_ht].present = false;
    say(inv, F_total_ht, 11111, true);
    is(inv, F_total_ht, 11111, 800, 0, "violated in a text layer: as it is");
    inv = record();
    inv->from_ocr = true;
    inv->f[F_total_ht].present = false;
    say(inv, F_total_ht, 11111, true);
    is(inv, F_total_ht, 11111, 560, 0, "violated after OCR: x 0.7");
}

static void formats(void)
{
    struct invoice *inv = record();
    say(inv, F_due_date, clock_days(2025, 5, 1), true);
    is(inv, F_due_date, clock_days(2025, 5, 1), 300, 0,
       "due before the invoice: at most 0.30");
    inv = record();
    put(inv, F_due_date, clock_days(2025, 5, 28), 750);
    say(inv, F_due_date, clock_days(2025, 5, 1), true);
    is(inv, F_due_date, clock_days(2025, 5, 28), 750, 1,
       "an impossible date takes nothing away");
}

static void names(void)
{
    struct invoice *inv = record();
    struct opinion *op = ARENA_NEW(a, struct opinion);
    struct reconciled out;
    op->f[F_customer_name] = (struct opinion_value){
        .given = true, .v = {.present = true, .text = "Quelqu'un"}};
    const char *names[] = {"Enedis"};
    struct supplier grid = {.name = "Enedis",
                            .siren = "",
                            .names = names,
                            .n_names = 1,
                            .is_operator = true};
    struct reference ref = {.suppliers = &grid, .n_suppliers = 1};
    op->f[F_supplier_name] = (struct opinion_value){
        .given = true,
        .verified = true,
        .v = {.present = true, .text = "ENEDIS", .ev.conf = 800}};
    reconcile(a, &ref, inv, op, &out);
    tap_ok(!inv->f[F_customer_name].present, "no name without proof");
    tap_ok(!inv->f[F_supplier_name].present, "a network is no supplier");
    inv->f[F_supplier_name] =
        (struct value){.present = true, .text = "Voltéa", .ev.conf = 750};
    op->f[F_supplier_name].v.text = "VOLTEA";
    reconcile(a, &ref, inv, op, &out);
    tap_is_int(inv->f[F_supplier_name].ev.conf, 950,
               "case and accents are no difference");
    op->f[F_supplier_name].v.text = "Voltéa Énergie SAS";
    inv->f[F_supplier_name] = (struct value){
        .present = true, .text = "Voltéa Énergie", .ev.conf = 750};
    reconcile(a, &ref, inv, op, &out);
    tap_ok(inv->f[F_supplier_name].ev.conf == 950 &&
               strcmp(inv->f[F_supplier_name].text, "Voltéa Énergie") == 0,
           "nor is a longer form of the name, which is not taken over");
    op->f[F_supplier_name].given = false;
    op->f[F_invoice_number] = (struct opinion_value){
        .given = true,
        .verified = true,
        .v = {.present = true, .text = "V2505-0001170", .ev.conf = 800}};
    inv->f[F_invoice_number] =
        (struct value){.present = true, .text = "V2505-000117", .ev.conf = 900};
    reconcile(a, &ref, inv, op, &out);
    tap_ok(inv->f[F_invoice_number].ev.conf == 540 && inv->n_alternatives == 1,
           "a longer number is another number");
}

int main(void)
{
    a = arena_new(65536);
    fields();
    embedded();
    identities();
    formats();
    names();
    arena_free(a);
    return tap_done();
}

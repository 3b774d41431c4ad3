/* What is searched for: names and their words, references, the supplier's
 * rows; not words that everybody's name or address has. */
#include "invoice/anonymise.h"

#include "sample_result.h"
#include "tap.h"

static struct arena *a;
static struct needle *list;
static size_t n;

static bool has(enum needle_kind kind, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].kind == kind && str_eq(list[i].text, text))
            return true;
    return false;
}

int main(void)
{
    struct reference *ref = sample_reference();
    a = arena_new(65536);
    struct audit_request req = {.customer_name = "SARL Éts Dupond & Fils"};
    struct invoice *inv = sample_invoice(a, "S1", NULL);
    inv->n_needles = 0;
    inv->f[F_site_address] = (struct value){
        .present = true, .text = "12 avenue des Peupliers, 99990 FICTIVE"};
    n = anonymise_needles(a, ref, &req, inv, &list);
    tap_ok(has(NEEDLE_NAME, "Mme Camille EXEMPLE"), "the customer's name");
    tap_ok(has(NEEDLE_WORD, "Camille") && has(NEEDLE_WORD, "EXEMPLE"),
           "and its words");
    tap_ok(!has(NEEDLE_WORD, "Mme"), "not the title");
    tap_ok(has(NEEDLE_WORD, "Peupliers") && !has(NEEDLE_WORD, "avenue"),
           "words of the address that are its own");
    tap_ok(has(NEEDLE_DIGITS, "99123456789012"), "the point of delivery");
    tap_ok(has(NEEDLE_DIGITS, "V2505-000117"), "the invoice's number");
    tap_ok(has(NEEDLE_NAME, "Essentielle Fixe 1 an"), "the offer");
    tap_ok(has(NEEDLE_WORD, "Dupond") && !has(NEEDLE_WORD, "SARL"),
           "the name the caller gave");
    tap_ok(has(NEEDLE_NAME, "Voltéa Énergie SAS"), "the supplier's row: names");
    tap_ok(has(NEEDLE_DOMAIN, "voltea-energie.example"), "domains");
    tap_ok(has(NEEDLE_DIGITS, "09 99 99 00 00") &&
               has(NEEDLE_DIGITS, "000000018"),
           "phone and SIREN");
    tap_ok(!has(NEEDLE_NAME, "Gazelys"), "no other supplier");
    inv->f[F_supplier_siren].present = false;
    n = anonymise_needles(a, ref, &req, inv, &list);
    tap_ok(has(NEEDLE_DOMAIN, "voltea-energie.example"),
           "the row is found by the name alone");
    n = anonymise_needles(a, NULL, &(struct audit_request){0},
                          ARENA_NEW(a, struct invoice), &list);
    tap_is_int(n, 0, "nothing read, nothing to search");
    arena_free(a);
    reference_free(ref);
    return tap_done();
}

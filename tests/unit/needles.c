#include "invoice/needles.h"
#include "document/document.h"
#include "invoice/invoice.h"
#include "invoice/reference.h"
#include "paper.h"
#include "tap.h"

static struct invoice *inv;

static bool has(enum needle_kind kind, const char *text)
{
    for (size_t i = 0; i < inv->n_needles; i++)
        if (inv->needles[i].kind == kind &&
            strcmp(inv->needles[i].text, text) == 0)
            return true;
    return false;
}

static const char text[] =
    "Lumibis\n"
    "Facture n° LB-25-77031 du 05/09/2025\n"
    "Titulaire du contrat : Mme Dominique MARTINEAU\n"
    "Lieu de consommation : 3 rue des Essais, 99991 VALTEST\n"
    "N° client : 1 000 017\n"
    "PRM : 99 222 333 444 555\n"
    "Votre offre : Lumibis Confort\n"
    "Prélevé sur le compte FR76 3000 4000 5000 6000 7000 189\n"
    "aide@lumibis.example - www.lumibis.example - EDF vend du gaz\n"
    "Consommation  100 kWh  0,2000 €/kWh  20,00 €  20 %\n";

int main(void)
{
    struct arena *a = arena_new(1 << 18);
    struct reference *ref = reference_from_tsv(
        "sql/seeds/energy", "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    inv = invoice_read(a, paper_read(a, text, false), ref);
    tap_ok(has(NEEDLE_NAME, "Lumibis"), "the supplier");
    tap_ok(has(NEEDLE_NAME, "EDF"), "any supplier that is named");
    tap_ok(has(NEEDLE_DOMAIN, "lumibis.example"), "hosts");
    tap_ok(has(NEEDLE_DOMAIN, "aide@lumibis.example"), "mailboxes");
    tap_ok(has(NEEDLE_NAME, "Mme Dominique MARTINEAU"), "the customer");
    tap_ok(has(NEEDLE_WORD, "martineau"), "each of the customer's names");
    tap_ok(has(NEEDLE_WORD, "valtest"), "the town");
    tap_ok(has(NEEDLE_DIGITS, "99222333444555"), "the point, as digits");
    tap_ok(has(NEEDLE_DIGITS, "1000017"), "the customer number");
    tap_ok(has(NEEDLE_NAME, "Lumibis Confort"), "the offer");
    tap_ok(has(NEEDLE_NAME, "LB-25-77031"), "the invoice number");
    tap_ok(has(NEEDLE_NAME, "FR76 3000 4000 5000 6000 7000 189"), "the bank");
    inv->f[F_contract_ref] = (struct value){
        .present = true, .text = "GZ 4478 1120", .ev.conf = 800};
    needles_add_fields(a, inv);
    tap_ok(has(NEEDLE_DIGITS, "44781120"), "what came after the reader");
    for (size_t i = 0; i < inv->n_needles; i++) {
        const char *t = inv->needles[i].text;
        bool everyday = strcmp(t, "rue") == 0 || strcmp(t, "madame") == 0 ||
                        strcmp(t, "consommation") == 0;
        if (everyday || (inv->needles[i].kind == NEEDLE_DIGITS &&
                         strlen(t) < 6))
            tap_ok(0, "'%s' would refuse honest reports", t);
    }
    tap_ok(inv->n_needles < 80, "no more than it takes");
    reference_free(ref);
    arena_free(a);
    return tap_done();
}

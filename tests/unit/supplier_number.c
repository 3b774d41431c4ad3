/* The issuer's numbers: check digits, and what is told of wrong ones and of
 * another's name. */
#include "invoice/supplier.h"
#include "base/str.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static struct invoice *read_text(const char *text, bool ocr)
{
    return invoice_read(mem, paper_read(mem, text, ocr), ref);
}

static bool notes(const char *text, enum mention_id id)
{
    return read_text(text, false)->mentions[id].present;
}

static void keys(void)
{
    tap_ok(supplier_siren_ok("552081317"), "a SIREN");
    tap_ok(!supplier_siren_ok("552081318"), "a wrong one");
    tap_ok(!supplier_siren_ok("55208131X"), "no number");
    tap_ok(supplier_vat_key_ok("03", "552081317"), "its VAT key");
    tap_ok(!supplier_vat_key_ok("04", "552081317"), "another key");
}

static void wrong(void)
{
    tap_ok(notes("Lumibis\nSIREN 000 000 035\n", MENTION_wrong_siren),
           "a SIREN with a wrong check digit");
    tap_ok(!notes("Lumibis\nSIREN 000 000 034\n", MENTION_wrong_siren),
           "not a right one");
    tap_ok(!read_text("Lumibis\nSIREN 000 000 035\n", true)
                ->mentions[MENTION_wrong_siren].present,
           "OCR may have read it wrong");
    tap_ok(!notes("SIREN client : 000 000 035\n", MENTION_wrong_siren),
           "the customer's is not the issuer's");
    tap_ok(!notes("SA au capital de 943 290 542 € - SIREN : voir au dos\n",
                  MENTION_wrong_siren), "nor is the capital one");
    tap_ok(!notes("Référence 123 456 789\n", MENTION_wrong_siren),
           "a number without a label");
    tap_ok(notes("TVA intracommunautaire FR18000000034\n",
                 MENTION_wrong_vat_id), "a VAT number with a wrong key");
    tap_ok(!notes("TVA intracommunautaire FR17000000034\n",
                  MENTION_wrong_vat_id), "not a right one");
}

static void others(void)
{
    tap_ok(notes("Gazelys\nFacture\n\n\n\n\n\n\n\n\n\n\nSIREN 000 000 034\n",
                 MENTION_other_issuer), "another supplier in the header");
    tap_ok(!notes("Gazelys\nFacture\nGazelys SA - SIREN 000 000 026\n",
                  MENTION_other_issuer), "its own SIREN");
    tap_ok(!notes("Gazelys\nFacture\nPour le compte de Lumibis - SIREN "
                  "000 000 034\n", MENTION_other_issuer),
           "the other one is named as well");
    tap_ok(!notes("Nova Watt\nFacture\nSIREN 000 000 034\n",
                  MENTION_other_issuer), "a header that the table knows not");
}

static void operators(void)
{
    const struct invoice *inv =
        read_text("Enedis RCS NANTERRE 444 608 442\nSIREN 000 000 083\n", false);
    tap_is_str(invoice_text(inv, F_supplier_siren), "000000083",
               "an operator's SIREN is passed over");
    inv = read_text("ATELIER DU LAC SARL\nSIRET 000 000 067 00012\n"
                    "Nova Watt SA, RCS LYON 000 000 083\n", false);
    tap_is_str(invoice_text(inv, F_supplier_siren), "000000083",
               "a legal notice before a label alone");
    inv = read_text("Nova Watt SA, RCS LYON 000 000 083\nSIREN 000 000 034\n",
                    false);
    tap_is_str(invoice_text(inv, F_supplier_siren), "000000034",
               "the table's own before any other");
    inv = read_text("Filiale de Lumibis SA, RCS PARIS 000 000 034\n"
                    "Nova Watt SA, RCS LYON 000 000 083\n", false);
    tap_is_str(invoice_text(inv, F_supplier_siren), "000000083",
               "a parent company's is passed over");
    inv = read_text("FR66000000018\n", false);
    tap_is_str(invoice_text(inv, F_supplier_vat_id), "FR66000000018",
               "a VAT number needs no label");
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy",
                             "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    keys();
    wrong();
    others();
    operators();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}

/* Phrases are found in rows, on OCR pages with slips, and are made once. */
#include "invoice/lexicon.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static const struct lexicon *lex;

static bool says(const char *text, bool ocr, int meaning)
{
    struct hit hits[64];
    struct layout *l = layout_build(mem, paper_read(mem, text, ocr));
    size_t n = lexicon_find(lex, &l->rows[0], 0, hits, 0, 64);
    for (size_t i = 0; i < n; i++)
        if (hits[i].says == meaning)
            return true;
    return false;
}

static void exact(void)
{
    tap_ok(says("N° de compte de contrat : 400", false, F_contract_ref),
           "a label");
    tap_ok(says("Compteur Linky", false, SAYS_ELEC), "an energy");
    tap_ok(says("Accise sur l'électricité", false,
                SAYS_COMPONENT + COMP_EXCISE), "a component");
    tap_ok(!says("Titulaire du contrat : X", false, F_contract_ref),
           "the longest label wins");
    tap_ok(!says("Offre : Gaz Douceur", false, SAYS_NOTHING), "no such thing");
    tap_ok(says("Total T.V.A. :", false, F_total_tva), "initials");
    tap_ok(says("Facture", false, F_invoice_number) &&
               says("Facture", false, F_invoice_date),
           "one phrase may label two fields");
}

static void forgiving(void)
{
    tap_ok(says("Dale limite de paiemenl", true, F_due_date),
           "OCR may get two letters wrong in a long label");
    tap_ok(!says("Dale limite de paiemenl", false, F_due_date),
           "a text layer may not");
    tap_ok(says("Montanttotal à payer", true, F_amount_due), "glued words");
    tap_ok(!says("le compte FR76", true, F_contract_ref),
           "a lost word is not a wrong letter");
    tap_ok(says("Facture 123", true, F_invoice_number) &&
               !says("Facture 123", true, SAYS_NOTHING),
           "read right beats a longer phrase read wrong");
}

int main(void)
{
    mem = arena_new(1 << 16);
    struct reference *ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    lex = lexicon_new(mem, ref);
    tap_ok(lex->n > 300, "phrases are data");
    tap_ok(lexicon_new(mem, ref) == lex &&
               lexicon_mentions(mem, ref) == lexicon_mentions(mem, ref),
           "made once, however many invoices are read");
    tap_is_str(lexicon_register(1), "HP", "registers by index");
    tap_ok(!lexicon_register(99), "and none past the end");
    exact();
    forgiving();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}

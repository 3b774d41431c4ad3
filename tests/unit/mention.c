/* Phrases beside the fields are found in labels, the longest one counts, and
 * an account number is right or wrong by its check digits. */
#include "invoice/mention.h"
#include "tap.h"

static struct arena *mem;
static const struct lexicon *lex;

static bool says(const char *text, bool ocr, enum mention_id id)
{
    return mention_scan(mem, lex, text, ocr) >> id & 1;
}

static void labels(void)
{
    tap_ok(says("Frais de relance", false, MENTION_collection), "a reminder");
    tap_ok(says("Indemnité forfaitaire de recouvrement (40 €)", false,
                MENTION_collection), "the 40 euros");
    tap_ok(says("FRAIS DE RÉSILIATION", false, MENTION_termination),
           "an end, whatever the case");
    tap_ok(says("Option facture papier", false, MENTION_paper_bill), "paper");
    tap_ok(!says("Mise en service", false, MENTION_collection) &&
               !says("Frais de rejet de prélèvement", false,
                     MENTION_collection),
           "other fees are none of these");
    tap_ok(says("Frais de relanoe", true, MENTION_collection) &&
               !says("Frais de relanoe", false, MENTION_collection),
           "OCR may slip, a text layer may not");
    tap_ok(!says("Contribution tarifaire d'acheminement", false,
                 MENTION_network_share), "the CTA is not the network's share");
    tap_is_int((int64_t)mention_scan(mem, lex, "", false), 0, "nothing");
    for (enum mention_id m = 0; m < MENTION_MAX; m++)
        tap_ok(*mention_name(m), "mention %d has a name", (int)m);
    tap_is_str(mention_name(MENTION_MAX), "", "no other has");
}

static void accounts(void)
{
    tap_ok(mention_iban_ok("FR76 3000 6000 0112 3456 7890 189"), "a French one");
    tap_ok(!mention_iban_ok("FR76 3000 6000 0112 3456 7890 188"), "one digit off");
    tap_ok(mention_iban_ok("DE89370400440532013000"), "a German one");
    tap_ok(!mention_iban_ok("FR76 3000"), "too short");
    tap_ok(!mention_iban_ok("FR76 **** **** **** **** **** 042"), "masked");
    tap_ok(!mention_iban_ok("FR7630006000011234567890189FR7630006000011234567"),
           "too long");
}

int main(void)
{
    mem = arena_new(1 << 16);
    struct reference *ref = reference_from_tsv("sql/seeds/energy", NULL);
    if (!ref)
        return 1;
    lex = mention_lexicon(mem, ref);
    labels();
    accounts();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}

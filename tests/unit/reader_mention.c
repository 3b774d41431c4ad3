/* What is said beside the fields is found with its place, also when the
 * sentence goes on below; adverts, billed lines and the customer's own
 * account do not count. */
#include "invoice/reader.h"
#include "paper.h"
#include "tap.h"

static struct arena *mem;
static struct reference *ref;

static const struct mention *read_one(const char *text, enum mention_id id)
{
    struct invoice *inv = invoice_read(mem, paper_read(mem, text, false), ref);
    return &inv->mentions[id];
}

static void sentences(void)
{
    const struct mention *m = read_one(
        "Facture\n\fAide\nVous pouvez saisir le médiateur\n"
        "national de l'énergie : 0 800 112 212\n", MENTION_mediator);
    tap_ok(m->present && m->ev.page == 2, "a sentence over two rows");
    tap_is_str(m->present ? m->ev.quote : "", "médiateur", "its own row's part");
    tap_ok(read_one("Colonne gauche        Urgence\n"
                    "texte de gauche       gaz : 0 800 47 33 33\n",
                    MENTION_emergency_gas)->present, "in its column");
    tap_ok(!read_one("Urgence\n\n\n\ngaz\n", MENTION_emergency_gas)->present,
           "not across a gap");
    tap_ok(read_one("Pénalités : 1,5 fois le taux d'intérêt légal\n",
                    MENTION_penalty)->present, "a penalty in digits");
    tap_ok(!read_one("Intérêts au taux d'intérêt légal\n",
                     MENTION_penalty)->present, "the legal rate is none");
    struct invoice *inv = invoice_read(mem, paper_read(mem, "", false), ref);
    tap_ok(inv->mentions_read && !inv->mentions[MENTION_mediator].present,
           "an empty page says nothing, and that is known");
}

static void discounts(void)
{
    const struct mention *m =
        read_one("Votre remise de 7,5 % sur le prix du kWh HT\n", MENTION_discount);
    tap_ok(m->present && m->num == 750, "a discount of 7,5 %%");
    tap_ok(!read_one("Remise sur le prix du kWh\n", MENTION_discount)->present,
           "without a percentage");
    tap_ok(!read_one("Parrainez : remise de 10 % !\n", MENTION_discount)->present,
           "an advert");
    tap_ok(!read_one("Remise de 10 % par rapport au tarif réglementé\n",
                     MENTION_discount)->present, "already in the price");
    tap_ok(!read_one("Désignation   Quantité   Prix unitaire HT   Montant HT\n"
                     "Remise 10 %   1 unité   -2,00 €/unité   -2,00 €\n",
                     MENTION_discount)->present, "a billed line");
}

static void accounts(void)
{
    tap_ok(read_one("Attention : nos coordonnées bancaires ont changé.\n",
                    MENTION_new_account)->present, "a new account");
    tap_ok(!read_one("Vous changez de banque ? Indiquez votre nouveau compte "
                     "bancaire\n", MENTION_new_account)->present,
           "of the customer");
    tap_ok(read_one("Virement : FR76 3000 6000 0112 3456 7890 188\n",
                    MENTION_wrong_account)->present, "a wrong key");
    tap_ok(!read_one("Virement : FR76 3000 6000 0112 3456 7890 189\n",
                     MENTION_wrong_account)->present, "a right key");
    tap_ok(!read_one("Compte FR76 **** **** **** **** **** 042\n",
                     MENTION_wrong_account)->present, "a masked one");
    tap_ok(read_one("IBAN : DE89 3704 0044 0532 0130 00\n",
                    MENTION_foreign_account)->present, "a foreign one");
    tap_ok(!read_one("IBAN : DE89 3704 0044 0532 0130 01\n",
                     MENTION_foreign_account)->present, "no account at all");
}

static void addresses(void)
{
    tap_ok(read_one("Lumibis\n3 allée du Test, 75011 PARIS\n",
                    MENTION_supplier_address)->present, "a postcode");
    tap_ok(!read_one("Adresse de facturation : 3 chemin Vert, 75011 PARIS\n",
                     MENTION_supplier_address)->present, "the customer's");
    tap_ok(!read_one("PDL 99 123 45678 EDF\n", MENTION_supplier_address)->present,
           "part of a number");
}

int main(void)
{
    mem = arena_new(1 << 20);
    ref = reference_from_tsv("sql/seeds/energy",
                             "tests/fixtures/suppliers_test.tsv");
    if (!ref)
        return 1;
    sentences();
    discounts();
    accounts();
    addresses();
    reference_free(ref);
    arena_free(mem);
    return tap_done();
}

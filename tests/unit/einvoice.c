/* The record of an electronic invoice: terms, exact numbers, dates, profiles,
 * and the flat form that a responder does not trust. */
#include "einvoice/einvoice.h"
#include "tap.h"

static void decimals(void)
{
    static const struct {
        const char *text;
        int scale;
        bool ok;
        int64_t want;
    } rows[] = {{"529.87", 2, true, 52987},
                {"-0.5", 2, true, -50},
                {"+12", 2, true, 1200},
                {".5", 2, true, 50},
                {"5.", 2, true, 500},
                {"1.2300", 2, true, 123},
                {"1.234", 2, false, 0},
                {"", 2, false, 0},
                {".", 2, false, 0},
                {"1,5", 2, false, 0},
                {"1e3", 2, false, 0},
                {" 1", 2, false, 0},
                {"0.123456", 6, true, 123456},
                {"--1", 2, false, 0},
                {"9223372036854775807", 0, true, INT64_MAX},
                {"9223372036854775808", 0, false, 0},
                {"99999999999999999999", 2, false, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t v = 0;
        const bool ok = einvoice_decimal(rows[i].text, rows[i].scale, &v);
        tap_ok(ok == rows[i].ok && (!ok || v == rows[i].want),
               "\"%s\" with %d decimals", rows[i].text, rows[i].scale);
    }
}

static struct einvoice *sample(struct arena *a)
{
    struct einvoice *e = einvoice_new(a, 8);
    e->syntax = EINVOICE_CII;
    e->n[EINVOICE_LINE] = 2;
    einvoice_set(e, BT_1, 0, "FA-1");
    einvoice_set(e, BT_2, 0, "2026-02-28");
    einvoice_set(e, BT_131, 0, "10.00");
    einvoice_set(e, BT_131, 1, "2.5");
    return e;
}

static void terms(struct arena *a)
{
    struct einvoice *e = sample(a);
    int64_t v;
    int32_t day;
    tap_is_str(einvoice_text(e, BT_1, 0), "FA-1", "a term");
    tap_ok(!einvoice_text(e, BT_9, 0), "an absent one is NULL");
    tap_ok(einvoice_micro(e, BT_131, 1, &v) && v == 2500000,
           "the second line's amount");
    tap_ok(!einvoice_text(e, BT_131, 2), "there is no third");
    tap_ok(einvoice_day(e, BT_2, 0, &day) && day == 20512, "a date");
    einvoice_set(e, BT_9, 0, "2026-02-30");
    tap_ok(!einvoice_day(e, BT_9, 0, &day), "30 February is none");
    tap_ok(einvoice_set(e, BT_1, 0, "FA-2") && e->n_values == 5,
           "the first value stays");
    tap_is_str(einvoice_text(e, BT_1, 0), "FA-1", "as it was");
    tap_ok(einvoice_set(e, BT_3, 0, "") && e->n_values == 5,
           "empty is not set");
    einvoice_set(e, BT_3, 0, "380");
    einvoice_set(e, BT_5, 0, "EUR");
    einvoice_set(e, BT_6, 0, "EUR");
    tap_ok(!einvoice_set(e, BT_10, 0, "x"), "no room is told");
    tap_is_str(einvoice_info(BT_115)->id, "BT-115", "a term's number");
    tap_is_int(einvoice_info(BT_131)->group, EINVOICE_LINE, "its group");
}

static void profiles(struct arena *a)
{
    static const struct {
        enum einvoice_syntax syntax;
        const char *guide, *want;
    } rows[] = {
        {EINVOICE_CII, "urn:cen.eu:en16931:2017", "cii:en16931"},
        {EINVOICE_CII, "urn:factur-x.eu:1p0:minimum", "factur-x:minimum"},
        {EINVOICE_CII,
         "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
         "factur-x:extended"},
        {EINVOICE_ZUGFERD1,
         "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort",
         "zugferd-1:comfort"},
        {EINVOICE_ORDER, "urn:order-x.eu:1p0:basic", "order-x:basic"},
        {EINVOICE_UBL, NULL, "ubl:invoice"},
        {EINVOICE_UBL_CREDIT, "", "ubl:creditnote"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[EINVOICE_PROFILE];
        struct einvoice *e = einvoice_new(a, 1);
        e->syntax = rows[i].syntax;
        einvoice_set(e, BT_24, 0, rows[i].guide);
        tap_is_str(einvoice_profile(e, text), rows[i].want, "profile %s",
                   rows[i].want);
    }
}

static struct bytes packed(struct arena *a, const struct einvoice *e)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    einvoice_pack(&b, e);
    return buf_bytes(&b);
}

static void flat(struct arena *a)
{
    const struct einvoice *e = sample(a);
    const struct bytes good = packed(a, e);
    const struct einvoice *again = einvoice_unpack(a, good);
    tap_ok(again && again->n_values == 4 && again->syntax == EINVOICE_CII &&
               again->n[EINVOICE_LINE] == 2,
           "a packed record is read");
    tap_is_str(einvoice_text(again, BT_131, 1), "2.5", "with its values");
    size_t taken = 0;
    for (size_t n = 0; n < good.n; n++)
        taken += einvoice_unpack(a, (struct bytes){good.p, n}) != NULL;
    tap_is_int(taken, 0, "no shorter form is taken");
    struct einvoice *bad = sample(a);
    bad->n[EINVOICE_LINE] = 1;
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "a line too many");
    bad = sample(a);
    bad->values[0].text = "a\nb";
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "a control character");
    bad->values[0].text = "\xff";
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "bad UTF-8");
    bad = sample(a);
    bad->values[1] = bad->values[0];
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "a term twice");
    bad = sample(a);
    bad->n[EINVOICE_CHARGE] = 60000;
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "more groups than are read");
    bad = sample(a);
    bad->malformed = true;
    tap_ok(!einvoice_unpack(a, packed(a, bad)), "malformed, yet with values");
}

int main(void)
{
    struct arena *a = arena_new(4096);
    decimals();
    terms(a);
    profiles(a);
    flat(a);
    arena_free(a);
    return tap_done();
}

/* What the anonymised report must never show, collected while the original
 * is at hand. Too much here refuses honest reports, too little leaks: words
 * of everyday French are left out, numbers need six digits. */
#include "invoice/needles.h"
#include "base/str.h"
#include "document/document.h"
#include "einvoice/einvoice.h"
#include "invoice/french.h"
#include "invoice/supplier.h"
#include <string.h>

enum { NEEDLES_MAX = 600, DIGITS_LEAST = 6 };

static void add(struct reader *r, enum needle_kind kind, const char *text)
{
    struct invoice *inv = r->inv;
    if (!text || strlen(text) < 2 || inv->n_needles >= NEEDLES_MAX)
        return;
    for (size_t i = 0; i < inv->n_needles; i++)
        if (inv->needles[i].kind == kind &&
            strcmp(inv->needles[i].text, text) == 0)
            return;
    inv->needles[inv->n_needles++] = (struct needle){kind, text};
}

static void add_digits(struct reader *r, const char *text)
{
    char digits[64];
    size_t n = 0;
    for (; text && *text && n < sizeof digits - 1; text++)
        if (*text >= '0' && *text <= '9')
            digits[n++] = *text;
    digits[n] = 0;
    if (n >= DIGITS_LEAST)
        add(r, NEEDLE_DIGITS, arena_strdup(r->a, digits));
}

/* Words of names and addresses that are on every report, or nobody's. */
bool needles_everyday(const char *s)
{
    static const char *const words[] = {
        "madame",  "monsieur", "mademoiselle", "client",   "contrat",
        "facture", "avenue",   "place",        "boulevard", "chemin",
        "allee",   "impasse",  "quai",         "route",    "square",
        "cours",   "zone",     "bourg",        "ville",    "saint",
        "sainte",  "batiment", "appartement",  "etage",    "residence",
        "cedex",   "sarl",     "sasu",         "eurl",     "societe",
        "france",  "energie",  "energies",     "electricite", "naturel",
        "abonnement", "consommation", "offre", "prix",     "fixe",
        "indexe",  "marche",   "mois",         "tarif",    "service",
        "entreprise", "entreprises", "particulier", "point", "livraison",
        "adresse", "lieu",     "site",         "confort",  "reference",
        "essentielle", "option", "base",       "heures",   "pleines",
        "creuses", "ans",      "annee",        "pour",     "avec",
        "dans",    "votre",    "vous",         "chez",     "artisanale",
        "structure", "reglemente", "reglementes", "variable", "classique",
        "verte",   "vert",     "online",       "garanti",  "standard"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (strcmp(s, words[i]) == 0)
            return true;
    return false;
}

/* Each word of four letters or more that is not everyday French. */
static void add_words(struct reader *r, const char *text)
{
    if (!text)
        return;
    uint32_t n;
    struct token *t = layout_tokens(r->a, text, &n);
    for (uint32_t i = 0; i < n; i++)
        if (t[i].len >= 4 && !needles_everyday(t[i].text) &&
            (t[i].text[0] < '0' || t[i].text[0] > '9'))
            add(r, NEEDLE_WORD, t[i].text);
}

/* "Prix fixe" as the name of an offer identifies nobody. */
static bool only_everyday(struct reader *r, const char *text)
{
    uint32_t n;
    struct token *t = layout_tokens(r->a, text, &n);
    for (uint32_t i = 0; i < n; i++)
        if (t[i].len >= 4 && !needles_everyday(t[i].text))
            return false;
    return true;
}

static void add_fields(struct reader *r)
{
    for (int i = 0; i < F_MAX; i++) {
        const char *text = invoice_text(r->inv, (enum field_id)i);
        if (!field_infos[i].identifying || !text)
            continue;
        bool vague = i == F_offer_name && only_everyday(r, text);
        if (strlen(text) >= 4 && !vague)
            add(r, NEEDLE_NAME, text);
        add_digits(r, text);
    }
    add_words(r, invoice_text(r->inv, F_customer_name));
    add_words(r, invoice_text(r->inv, F_site_address));
    add_words(r, invoice_text(r->inv, F_billing_address));
}

/* Names and references that stand in the embedded invoice alone. */
static void add_embedded(struct reader *r)
{
    static const enum einvoice_term named[] = {
        BT_1,  BT_10, BT_12, BT_13, BT_27, BT_29, BT_30, BT_31, BT_35,
        BT_44, BT_47, BT_48, BT_50, BT_52, BT_83, BT_84};
    static const enum einvoice_term worded[] = {BT_44, BT_50, BT_52};
    const struct einvoice *e = r->inv->xml;
    for (size_t i = 0; e && i < ARRAY_LEN(named); i++) {
        const char *text = einvoice_text(e, named[i], 0);
        if (!text)
            continue;
        if (strlen(text) >= 4 && !needles_everyday(str_fold(r->a, text)))
            add(r, NEEDLE_NAME, text);
        add_digits(r, text);
    }
    for (size_t i = 0; e && i < ARRAY_LEN(worded); i++)
        add_words(r, einvoice_text(e, worded[i], 0));
}

static void add_supplier(struct reader *r, const struct supplier *s)
{
    for (size_t i = 0; i < s->n_names; i++)
        add(r, NEEDLE_NAME, s->names[i]);
    add(r, NEEDLE_NAME, s->name);
    for (size_t i = 0; i < s->n_domains; i++)
        add(r, NEEDLE_DOMAIN, s->domains[i]);
    for (size_t i = 0; i < s->n_phones; i++)
        add_digits(r, s->phones[i]);
    add_digits(r, s->siren);
}

void needles_add_fields(struct arena *a, struct invoice *inv)
{
    struct reader r = {.a = a, .inv = inv};
    if (!inv->needles)
        inv->needles = ARENA_ARRAY(a, NEEDLES_MAX, struct needle);
    add_fields(&r);
}

static bool is_named(struct arena *a, const struct supplier *s,
                     const char *folded)
{
    for (size_t i = 0; i < s->n_names; i++)
        if (str_eq(str_fold(a, s->names[i]), folded))
            return true;
    return str_eq(str_fold(a, s->name), folded);
}

static void add_suppliers(struct reader *r)
{
    const struct reference *ref = r->ref;
    bool *found = ARENA_ARRAY(r->a, ref->n_suppliers + 1, bool);
    supplier_mark(r, found);
    const char *name = invoice_text(r->inv, F_supplier_name);
    const char *siren = invoice_text(r->inv, F_supplier_siren);
    const struct einvoice *e = r->inv->xml;
    const char *seller = e ? einvoice_text(e, BT_27, 0) : NULL;
    seller = seller ? str_fold(r->a, seller) : NULL;
    for (size_t i = 0; i < ref->n_suppliers; i++)
        if (found[i] || str_eq(ref->suppliers[i].name, name) ||
            (siren && str_eq(ref->suppliers[i].siren, siren)) ||
            (seller && is_named(r->a, &ref->suppliers[i], seller)))
            add_supplier(r, &ref->suppliers[i]);
}

/* E-mail addresses and hosts; a short "word.word" is a lost space. */
static void add_hosts(struct reader *r, const char *s)
{
    for (size_t n; (n = supplier_host(s, &s)) > 0; s += n) {
        bool www = str_starts(s, "www.") && n > 6;
        const char *host = www ? s + 4 : s;
        if (n >= 7)
            add(r, NEEDLE_DOMAIN,
                arena_strndup(r->a, host, www ? n - 4 : n));
    }
}

/* Runs of 14 digits, and SIREN numbers in the text. */
static void add_numbers(struct reader *r, const char *s)
{
    while (*s) {
        char digits[40];
        size_t n = 0;
        while ((*s >= '0' && *s <= '9') ||
               (n && *s == ' ' && s[1] >= '0' && s[1] <= '9')) {
            if (*s != ' ' && n < sizeof digits - 1)
                digits[n++] = *s;
            s++;
        }
        digits[n] = 0;
        if (n == 14 || (n == 9 && supplier_siren_ok(digits)))
            add(r, NEEDLE_DIGITS, arena_strdup(r->a, digits));
        if (*s && !n)
            s++;
    }
}

void needles_collect(struct reader *r)
{
    needles_add_fields(r->a, r->inv);
    add_embedded(r);
    add_suppliers(r);
    for (size_t i = 0; i < r->l->n_rows; i++) {
        if (strchr(r->l->rows[i].text, '.'))
            add_hosts(r, r->l->rows[i].text);
        add_numbers(r, r->l->rows[i].text);
    }
}

/* Tables of two languages; nothing is built from pieces of sentences. */
#include "billing/statement_words.h"
#include "base/str.h"
#include "base/banned.h"

struct pair {
    const char *english, *french;
};
struct entry {
    const char *key;
    struct pair text;
};

const char *statement_words_text(enum statement_words_key key, bool french)
{
    static const struct pair rows[STATEMENT_WORDS_MAX] = {
#define WORD(k, english, french) [STATEMENT_WORDS_##k] = {english, french},
#include "billing/statement_words.tbl"
#undef WORD
    };
    return french ? rows[key].french : rows[key].english;
}

static const char *pick(const struct entry *rows, size_t n, const char *key,
                        bool french)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].key, key))
            return french ? rows[i].text.french : rows[i].text.english;
    return key;
}

const char *statement_words_kind(const char *kind, bool french)
{
    static const struct entry rows[] = {
        {"use", {"use", "consommation"}},
        {"refund", {"refund", "remboursement"}},
        {"credit", {"credit", "crédit"}},
        {"plan", {"plan", "formule"}},
        {"plan_change", {"change", "changement"}}};
    return pick(rows, ARRAY_LEN(rows), kind, french);
}

const char *statement_words_meter(const char *meter, bool french)
{
    static const struct entry rows[] = {
        {"search", {"search", "recherche"}},
        {"verify", {"verification", "vérification"}},
        {"report", {"use without the desk", "usage hors ligne"}},
        {"invoices", {"invoice", "facture"}},
        {"credit", {"prepaid credit", "crédit prépayé"}},
        {"plan", {"monthly plan", "formule mensuelle"}},
        {"plan_change", {"plan", "formule"}}};
    return pick(rows, ARRAY_LEN(rows), meter, french);
}

const char *statement_words_mode(const char *mode, bool french)
{
    static const struct entry rows[] = {
        {"search", {"per search", "à la recherche"}},
        {"quota", {"monthly quota", "quota mensuel"}},
        {"result", {"per result", "au résultat"}}};
    return pick(rows, ARRAY_LEN(rows), mode, french);
}

const char *statement_words_month(struct arena *a, const char *month,
                                  bool french)
{
    static const struct pair names[] = {{"January", "janvier"},
                                        {"February", "février"},
                                        {"March", "mars"},
                                        {"April", "avril"},
                                        {"May", "mai"},
                                        {"June", "juin"},
                                        {"July", "juillet"},
                                        {"August", "août"},
                                        {"September", "septembre"},
                                        {"October", "octobre"},
                                        {"November", "novembre"},
                                        {"December", "décembre"}};
    int64_t m;
    if (!str_to_i64(month + 5, &m) || m < 1 || m > 12)
        return month;
    const struct pair *name = &names[m - 1];
    return arena_printf(a, "%s %.4s", french ? name->french : name->english,
                        month);
}

const char *statement_words_moment(struct arena *a, const char *at, bool french)
{
    if (!french)
        return at;
    return arena_printf(a, "%.2s/%.2s/%.4s%s", at + 8, at + 5, at, at + 10);
}

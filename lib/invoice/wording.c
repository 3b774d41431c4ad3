/* Words are data (checks.tsv); this only puts values into them. */
#include "invoice/wording.h"
#include <string.h>
#include "base/buf.h"
#include "base/str.h"

enum { SENTENCE_MAX = 4096 };

static const char *value(const struct wording_arg *args, size_t n,
                         const char *name, size_t len, bool anonymous)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(args[i].name) == len &&
            memcmp(args[i].name, name, len) == 0)
            return anonymous && args[i].plain ? args[i].plain : args[i].text;
    return "…";
}

const char *wording_fill(struct arena *a, const char *template,
                         const struct wording_arg *args, size_t n,
                         bool anonymous)
{
    struct buf b;
    buf_init(&b, a, SENTENCE_MAX);
    for (const char *p = template; *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        if (end) {
            buf_str(&b, value(args, n, p + 1, (size_t)(end - p - 1),
                              anonymous));
            p = end + 1;
        } else {
            buf_char(&b, *p++);
        }
    }
    return buf_cstr(&b);
}

const char *wording_to_verify(struct arena *a, const char *sentence)
{
    if (strstr(sentence, "vérifier"))
        return sentence;
    const size_t n = strlen(sentence);
    const bool stop = n && sentence[n - 1] == '.';
    return arena_printf(a, "%.*s – à vérifier%s", (int)(n - stop), sentence,
                        stop ? "." : "");
}

const char *wording_component(enum component c)
{
    static const char *const words[COMP_MAX] = {
        [COMP_SUBSCRIPTION] = "Abonnement",
        [COMP_CONSUMPTION] = "Consommation",
        [COMP_NETWORK] = "Acheminement",
        [COMP_CTA] = "CTA",
        [COMP_EXCISE] = "Accise",
        [COMP_LOCAL_TAX] = "Taxe locale",
        [COMP_CAPACITY] = "Mécanisme de capacité",
        [COMP_CEE] = "Certificats d'économies d'énergie",
        [COMP_OVERRUN] = "Dépassement de puissance",
        [COMP_REACTIVE] = "Énergie réactive",
        [COMP_SERVICE] = "Service",
        [COMP_GREEN] = "Option verte",
        [COMP_FEE] = "Frais",
        [COMP_DISCOUNT] = "Remise",
        [COMP_ADJUSTMENT] = "Régularisation",
        [COMP_OTHER] = "Autre ligne"};
    return words[c < COMP_MAX ? c : COMP_OTHER];
}

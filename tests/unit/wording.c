/* Templates with arguments, with and without the invoice's own words. */
#include "invoice/wording.h"
#include "base/arena.h"
#include "tap.h"

int main(void)
{
    struct arena *a = arena_new(1024);
    const struct wording_arg args[] = {{"label", "Offre Truc", "Abonnement"},
                                       {"eur", "12 €", NULL}};
#define IS(template, anon, want)                                               \
    tap_is_str(wording_fill(a, template, args, 2, anon), want, "%s", want)
    IS("« {label} » : {eur}.", false, "« Offre Truc » : 12 €.");
    IS("« {label} » : {eur}.", true, "« Abonnement » : 12 €.");
    IS("{eur}{eur}", true, "12 €12 €");
    IS("sans {rien} ici", false, "sans … ici");
    IS("une { seule", false, "une { seule");
    IS("{} vide", false, "… vide");
    IS("", false, "");
    tap_is_str(wording_to_verify(a, "Phrase."), "Phrase – à vérifier.", "stop");
    tap_is_str(wording_to_verify(a, "Deux fois plus : vérifier le relevé."),
               "Deux fois plus : vérifier le relevé.", "said already");
    tap_is_str(wording_to_verify(a, "Phrase"), "Phrase – à vérifier", "none");
    tap_is_str(wording_to_verify(a, "Clause à vérifier : x."),
               "Clause à vérifier : x.", "it says so once");
    for (enum component c = 0; c < COMP_MAX; c++)
        tap_ok(*wording_component(c), "component %d has a word", (int)c);
    arena_free(a);
    return tap_done();
}

/* Sentences that users read: templates with {names} from the reference data,
 * filled in here. */
#pragma once
#include "base/arena.h"
#include "invoice/invoice.h"

struct wording_arg {
    const char *name;  /* as in the template: {ttc} */
    const char *text;  /* French, ready to print */
    const char *plain; /* for the anonymised report when text was printed on
                          the invoice; NULL when text is our own */
};

/* The template with every {name} replaced; a name without an argument
 * becomes "…". anonymous takes plain where there is one. */
RETURNS_NONNULL const char *wording_fill(struct arena *a, const char *template,
                                         const struct wording_arg *args,
                                         size_t n, bool anonymous);
/* The sentence with " – à vérifier" before its final stop; the sentence itself
 * when it says so already. */
RETURNS_NONNULL const char *wording_to_verify(struct arena *a,
                                              const char *sentence);
/* Our own French word for a component: "Abonnement", "Accise". */
RETURNS_NONNULL const char *wording_component(enum component c);

/* The French words of lib/templates/report_fr.tbl, by key. */
#include "invoice/report_words.h"

#include "base/str.h"
#include "base/banned.h"

static const struct {
    const char *list, *word, *text;
} words[] = {
#define WORD(list, word, text) {#list, word, text},
#include "templates/report_fr.tbl"
#undef WORD
};

static const char *const fields[F_MAX] = {
#define FIELD_LABEL(name, text) [F_##name] = text,
#include "templates/report_fr.tbl"
#undef FIELD_LABEL
};

static const struct check_words checks[] = {
#define CHECK(id, advice, source) {id, advice, source},
#include "templates/report_fr.tbl"
#undef CHECK
};

const char *report_words_find(const char *list, const char *word)
{
    if (!word)
        return NULL;
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_eq(words[i].list, list) && str_eq(words[i].word, word))
            return words[i].text;
    return NULL;
}

const char *report_words_field(enum field_id id)
{
    return id < F_MAX && fields[id] ? fields[id] : "autre champ";
}

struct check_words report_words_check(const char *id)
{
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        if (str_eq(checks[i].id, id))
            return (struct check_words){checks[i].id, checks[i].advice,
                                        *checks[i].source ? checks[i].source
                                                          : NULL};
    return (struct check_words){"", "Demandez une explication au fournisseur.",
                                NULL};
}

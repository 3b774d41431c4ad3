/* The same matcher as for labels, on a lexicon of its own: labels and
 * mentions must not compete for words. */
#include "invoice/mention.h"
#include <string.h>

enum { HITS_MAX = 64 };

const char *mention_name(enum mention_id m)
{
    static const char *const names[MENTION_MAX] = {
#define MENTION(name, doc) [MENTION_##name] = #name,
#include "invoice/mentions.tbl"
#undef MENTION
    };
    return m < MENTION_MAX ? names[m] : "";
}

const struct lexicon *mention_lexicon(struct arena *a,
                                      const struct reference *ref)
{
    return lexicon_mentions(a, ref);
}

uint64_t mention_scan(struct arena *a, const struct lexicon *lex,
                      const char *text, bool ocr)
{
    struct row row = {.text = text, .len = (uint32_t)strlen(text), .ocr = ocr};
    struct hit hits[HITS_MAX];
    uint64_t said = 0;
    row.tokens = layout_tokens(a, text, &row.n_tokens);
    const size_t n = lexicon_find(lex, &row, 0, hits, 0, HITS_MAX);
    for (size_t i = 0; i < n; i++)
        said |= (uint64_t)1 << (hits[i].says - SAYS_MENTION);
    return said;
}

bool mention_iban_ok(const char *iban)
{
    char s[40];
    size_t n = 0;
    for (; *iban && n < sizeof s - 1; iban++)
        if (*iban != ' ')
            s[n++] = *iban;
    if (*iban || n < 15 || n > 34)
        return false;
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        const char c = s[(i + 4) % n];
        if (c >= '0' && c <= '9')
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else if (c >= 'A' && c <= 'Z')
            rest = (rest * 100 + (unsigned)(c - 'A' + 10)) % 97;
        else
            return false;
    }
    return rest == 1;
}

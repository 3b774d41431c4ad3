/* Phrases by their first token; OCR pages also by likeness. */
#include "invoice/lexicon.h"
#include "base/str.h"
#include <string.h>

enum {
    KIND_MENTION = 6,
    PHRASES_MAX = 160,
    TOKENS_MAX = 12,
    SCRATCH = 1 << 20 /* mapped by itself: given back */
};

/* ---- meanings by name --------------------------------------------------- */

static const char *const registers[] = {
    "BASE",    "HP",      "HC",       "HPH",      "HCH",      "HPB",
    "HCB",     "POINTE",  "BLEU_HC",  "BLEU_HP",  "BLANC_HC", "BLANC_HP",
    "ROUGE_HC", "ROUGE_HP", "GAZ"};

const char *lexicon_register(unsigned i)
{
    return i < ARRAY_LEN(registers) ? registers[i] : NULL;
}

static int field_says(const char *name)
{
    static const struct {
        const char *name;
        int says;
    } more[] = {{"period", SAYS_PERIOD},
                {"index_start", SAYS_INDEX_START},
                {"index_end", SAYS_INDEX_END},
                {"index", SAYS_INDEX},
                {"refund", SAYS_REFUND},
                {"subtotal", SAYS_SUBTOTAL},
                {"nothing", SAYS_NOTHING}};
    for (int i = 0; i < F_MAX; i++)
        if (strcmp(field_infos[i].name, name) == 0)
            return SAYS_FIELD + i;
    for (size_t i = 0; i < ARRAY_LEN(more); i++)
        if (strcmp(more[i].name, name) == 0)
            return more[i].says;
    return -1;
}

static int component_says(const char *name)
{
    for (int c = 0; c < COMP_MAX; c++)
        if (strcmp(component_name((enum component)c), name) == 0)
            return SAYS_COMPONENT + c;
    return -1;
}

static int register_says(const char *name)
{
    for (int i = 0; lexicon_register((unsigned)i); i++)
        if (strcmp(lexicon_register((unsigned)i), name) == 0)
            return SAYS_REGISTER + i;
    return -1;
}

static int column_says(const char *name)
{
    static const char *const names[COL_MAX] = {
        "label", "quantity", "price", "amount", "ttc", "rate", "period",
        "vat"};
    for (int i = 0; i < COL_MAX; i++)
        if (strcmp(names[i], name) == 0)
            return SAYS_COLUMN + i;
    return -1;
}

static int paper_says(const char *name)
{
    for (int p = PAPER_INVOICE; p <= PAPER_LETTER; p++)
        if (strcmp(paper_name((enum paper)p), name) == 0)
            return SAYS_PAPER + p;
    return -1;
}

static int energy_says(const char *name)
{
    return strcmp(name, "electricite") == 0 ? SAYS_ELEC
           : strcmp(name, "gaz") == 0       ? SAYS_GAS
           : strcmp(name, "etrangere") == 0 ? SAYS_FOREIGN
                                            : -1;
}

static int mention_says(const char *name)
{
    for (int m = 0; m < MENTION_MAX; m++)
        if (strcmp(mention_name((enum mention_id)m), name) == 0)
            return SAYS_MENTION + m;
    return -1;
}

static int meaning_of(const char *id)
{
    static const struct {
        const char *prefix;
        int (*says)(const char *name);
    } kinds[] = {{"mention_", mention_says},{"label_", field_says},       {"component_", component_says},
                 {"register_", register_says}, {"column_", column_says},
                 {"paper_", paper_says},       {"energy_", energy_says}};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (str_starts(id, kinds[i].prefix))
            return kinds[i].says(id + strlen(kinds[i].prefix));
    return -1;
}

/* Phrases of one kind compete for the same words; kinds do not. */
static int kind_of(int says)
{
    return says < SAYS_COMPONENT  ? 0
           : says < SAYS_ELEC     ? 1
           : says < SAYS_REGISTER ? 2
           : says < SAYS_COLUMN   ? 3
           : says < SAYS_PAPER    ? 4
           : says < SAYS_MENTION  ? 5
                                  : KIND_MENTION;
}

/* ---- building ----------------------------------------------------------- */

static unsigned hash(const char *s, size_t n)
{
    unsigned h = 5381;
    for (size_t i = 0; i < n; i++)
        h = h * 33 ^ (unsigned char)s[i];
    return h % 512;
}

static void add_phrase(struct arena *a, struct arena *tmp, struct lexicon *lex,
                       int says, const char *text)
{
    struct phrase *p = &lex->phrases[lex->n];
    uint32_t n;
    const struct token *tokens = layout_tokens(tmp, text, &n);
    if (n < 1 || n > TOKENS_MAX)
        return;
    char joined[256] = "";
    uint8_t ends[TOKENS_MAX];
    size_t len = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (len + tokens[i].len >= sizeof joined)
            return;
        memcpy(joined + len, tokens[i].text, tokens[i].len + 1u);
        len += tokens[i].len;
        ends[i] = (uint8_t)len;
    }
    p->says = (uint16_t)says;
    p->n_tokens = (uint8_t)n;
    p->letters = (uint8_t)len;
    p->fuzzy = len >= 6;
    for (uint32_t i = 0; i < n; i++) /* "compte n" is not "compte" */
        p->fuzzy = p->fuzzy && (tokens[i].len > 1 || len >= 14);
    char *kept = arena_alloc(a, len + 1 + n);
    memcpy(kept, joined, len + 1);
    p->joined = kept;
    p->ends = memcpy(kept + len + 1, ends, n);
    const unsigned h = hash(joined, ends[0]);
    p->next = lex->table[h];
    lex->table[h] = p;
    lex->n++;
}

static size_t count_phrases(const char *list)
{
    size_t n = 1;
    for (; *list; list++)
        n += *list == '|';
    return n;
}

/* Phrases of the rows to which says gives a meaning. */
static struct lexicon *build(struct arena *a, const struct reference *ref,
                             const int *says)
{
    struct lexicon *lex = ARENA_NEW(a, struct lexicon);
    struct arena *tmp = arena_new(SCRATCH);
    size_t total = 0;
    for (size_t i = 0; i < ref->n_patterns; i++)
        if (says[i] >= 0)
            total += count_phrases(ref->patterns[i].regex);
    lex->phrases = ARENA_ARRAY(a, total + 1, struct phrase);
    for (size_t i = 0; i < ref->n_patterns; i++) {
        const char *parts[PHRASES_MAX];
        if (says[i] < 0)
            continue;
        const size_t n =
            str_split(tmp, ref->patterns[i].regex, '|', parts, PHRASES_MAX);
        for (size_t k = 0; k < n; k++)
            add_phrase(a, tmp, lex, says[i], parts[k]);
    }
    arena_free(tmp);
    return lex;
}

/* True for the rows of a part; those of mentions belong to no other. */
static bool is_part(const char *id, const char *prefix)
{
    return meaning_of(id) >= 0 &&
           (prefix ? str_starts(id, prefix)
                   : kind_of(meaning_of(id)) != KIND_MENTION);
}

static struct lexicon *make_part(struct arena *a, const struct reference *ref,
                                 const char *prefix)
{
    int *says = ARENA_ARRAY(a, ref->n_patterns + 1, int);
    for (size_t i = 0; i < ref->n_patterns; i++) {
        const char *id = ref->patterns[i].id;
        says[i] = is_part(id, prefix) ? meaning_of(id) : -1;
    }
    struct lexicon *lex = build(a, ref, says);
    lex->last_kind = prefix ? KIND_MENTION : KIND_MENTION - 1;
    if (prefix && lex->n)
        lex->first_kind = kind_of(lex->phrases[0].says);
    return lex;
}

const struct lexicon *lexicon_new(struct arena *a, const struct reference *ref)
{
    struct reference_lexicons *kept = ref->lexicons;
    if (!kept)
        return make_part(a, ref, NULL);
    if (!kept->labels)
        kept->labels = make_part(ref->memory, ref, NULL);
    return kept->labels;
}

const struct lexicon *lexicon_mentions(struct arena *a,
                                       const struct reference *ref)
{
    struct reference_lexicons *kept = ref->lexicons;
    if (!kept)
        return make_part(a, ref, "mention_");
    if (!kept->mentions)
        kept->mentions = make_part(ref->memory, ref, "mention_");
    return kept->mentions;
}

static struct lexicon *make_roles(struct arena *a, const struct reference *ref,
                                  const char *const *roles, size_t n)
{
    static const char prefix[] = "general_";
    int *says = ARENA_ARRAY(a, ref->n_patterns + 1, int);
    for (size_t i = 0; i < ref->n_patterns; i++) {
        const char *id = ref->patterns[i].id;
        const char *end = strrchr(id, '_'); /* the language follows */
        says[i] = -1;
        for (size_t k = 0; str_starts(id, prefix) && k < n; k++) {
            const char *name = id + sizeof prefix - 1;
            if (end > name && strlen(roles[k]) == (size_t)(end - name) &&
                strncmp(name, roles[k], (size_t)(end - name)) == 0)
                says[i] = (int)k;
        }
    }
    struct lexicon *lex = build(a, ref, says); /* all of one kind */
    lex->in_cell = true;
    return lex;
}

const struct lexicon *lexicon_new_roles(struct arena *a,
                                        const struct reference *ref,
                                        const char *const *roles, size_t n)
{
    struct reference_lexicons *kept = ref->lexicons;
    if (!kept)
        return make_roles(a, ref, roles, n);
    if (!kept->roles)
        kept->roles = make_roles(ref->memory, ref, roles, n);
    return kept->roles;
}

/* ---- finding ------------------------------------------------------------ */

/* A colon ends a label: "Offre : Gaz Douceur" does not say "offre gaz". */
static bool colon_between(const struct row *row, const struct token *a,
                          const struct token *b)
{
    return memchr(row->text + a->to, ':', b->from - a->to) != NULL;
}

/* "VAT | Total" are two columns, not the VAT total. */
static bool spans_cells(const struct row *row, uint32_t at, uint32_t n)
{
    const struct token *first = &row->tokens[at], *last = first + n - 1;
    return memchr(row->text + first->from, '\t', last->to - first->from) !=
           NULL;
}

static bool same_tokens(const struct phrase *p, const struct row *row,
                        uint32_t at)
{
    if (at + p->n_tokens > row->n_tokens)
        return false;
    for (uint32_t i = 0; i < p->n_tokens; i++) {
        const struct token *t = &row->tokens[at + i];
        const uint8_t from = i ? p->ends[i - 1] : 0;
        if (t->len != p->ends[i] - from ||
            memcmp(t->text, p->joined + from, t->len) != 0 ||
            (i && colon_between(row, t - 1, t)))
            return false;
    }
    return true;
}

static int least(int a, int b, int c)
{
    int m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edit distance, or more than max. */
static int distance(const char *a, int n, const char *b, int m, int max)
{
    int prev[64], cur[64];
    if (n > 63 || m > 63 || n - m > max || m - n > max)
        return max + 1;
    for (int j = 0; j <= m; j++)
        prev[j] = j;
    for (int i = 1; i <= n; i++) {
        int low = cur[0] = i;
        for (int j = 1; j <= m; j++) {
            cur[j] = least(prev[j] + 1, cur[j - 1] + 1,
                           prev[j - 1] + (a[i - 1] != b[j - 1]));
            low = cur[j] < low ? cur[j] : low;
        }
        if (low > max)
            return max + 1;
        memcpy(prev, cur, sizeof prev);
    }
    return prev[m];
}

/* Letters that may be wrong in a phrase of that length. */
static int tolerance(int letters)
{
    return letters >= 14 ? 2 : letters >= 7 ? 1 : 0;
}

/* Tokens of the row that read like the phrase, counting glued and split
 * words as equal: how many tokens, 0 for none. */
static uint32_t alike(const struct phrase *p, const struct row *row,
                      uint32_t at, int *errors)
{
    char joined[64];
    int n = 0, best = tolerance(p->letters) + 1;
    uint32_t taken = 0;
    for (uint32_t i = at; i < row->n_tokens && i < at + 10; i++) {
        const struct token *t = &row->tokens[i];
        if (n + t->len >= 63 || n > p->letters)
            break;
        memcpy(joined + n, t->text, t->len);
        n += t->len;
        int d = distance(joined, n, p->joined, p->letters, best - 1);
        if (d < best) {
            best = d;
            taken = i + 1 - at;
        }
    }
    *errors = best;
    return taken;
}

struct best {
    const struct phrase *phrase;
    uint32_t taken;
    int errors;
};

/* Longer is better, but an error costs three letters: "facture" read right
 * is not "facturée" read wrong. */
static void keep_best(struct best *b, const struct phrase *p, uint32_t taken,
                      int errors)
{
    if (b->phrase &&
        p->letters - 3 * errors <= b->phrase->letters - 3 * b->errors)
        return;
    *b = (struct best){p, taken, errors};
}

static void match_at(const struct lexicon *lex, const struct row *row,
                     uint32_t at, int kind, struct best *best)
{
    const struct token *t = &row->tokens[at];
    for (const struct phrase *p = lex->table[hash(t->text, t->len)]; p;
         p = p->next)
        if (kind_of(p->says) == kind && same_tokens(p, row, at) &&
            !(lex->in_cell && spans_cells(row, at, p->n_tokens)))
            keep_best(best, p, p->n_tokens, 0);
    if (!row->ocr)
        return;
    for (size_t i = 0; i < lex->n; i++) {
        const struct phrase *p = &lex->phrases[i];
        int errors;
        if (kind_of(p->says) != kind || !p->fuzzy ||
            (best->phrase && p->letters <= best->phrase->letters) ||
            (p->joined[0] != t->text[0] && p->joined[1] != t->text[1]))
            continue;
        uint32_t taken = alike(p, row, at, &errors);
        if (taken)
            keep_best(best, p, taken, errors);
    }
}

/* The same words may be the label of several fields. */
static size_t add_hits(const struct lexicon *lex, const struct best *b,
                       struct hit hit, struct hit *hits, size_t n, size_t max)
{
    int kind = kind_of(b->phrase->says);
    unsigned h = hash(b->phrase->joined, b->phrase->ends[0]);
    for (const struct phrase *p = lex->table[h]; p; p = p->next) {
        if (kind_of(p->says) != kind || n >= max ||
            strcmp(p->joined, b->phrase->joined) != 0)
            continue;
        hit.says = p->says;
        hits[n++] = hit;
    }
    return n;
}

size_t lexicon_find(const struct lexicon *lex, const struct row *row,
                    uint32_t row_index, struct hit *hits, size_t n, size_t max)
{
    for (int kind = lex->first_kind; kind <= lex->last_kind; kind++)
        for (uint32_t at = 0; at < row->n_tokens;) {
            struct best best = {NULL, 0, 0};
            match_at(lex, row, at, kind, &best);
            if (!best.phrase) {
                at++;
                continue;
            }
            struct hit hit = {.errors = (uint8_t)best.errors,
                              .row = row_index, .from = at,
                              .to = at + best.taken};
            n = add_hits(lex, &best, hit, hits, n, max);
            at += best.taken;
        }
    return n;
}

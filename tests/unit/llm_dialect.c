/* lib/llm/llm_dialect.c: bodies and headers of the three providers, what
 * their answers say, which refusals pass. */
#include "llm/llm_dialect.h"
#include "base/auto.h"
#include "base/str.h"
#include "tap.h"

static struct arena *a;

static json_t *question(const char *provider, struct llm_question q)
{
    AUTO_JSON schema = json_loads("{\"name\":\"n\",\"strict\":true,"
                                  "\"schema\":{\"type\":\"object\"}}",
                                  0, NULL);
    q.rules = "R";
    q.text = "T";
    q.schema = schema;
    q.model = "m";
    q.key = "k";
    q.max_tokens = 9;
    return llm_dialect_find(provider)->body(&q);
}

static void is_body(const char *provider, struct llm_question q,
                    const char *want, const char *name)
{
    AUTO_JSON got = question(provider, q);
    AUTO_JSON wanted = json_loads(want, 0, NULL);
    tap_ok(wanted && json_equal(got, wanted), "%s", name);
}

#define MESSAGES                                                             \
    "\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"R\"}," \
    "{\"role\":\"user\",\"content\":\"T\"}],"
#define FORMAT                                                        \
    "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{" \
    "\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"object\"}}},"

static void bodies(void)
{
    const struct llm_question plain = {0}, newer = {.newer_tokens = true};
    is_body("openai", plain,
            "{" MESSAGES FORMAT "\"max_tokens\":9,\"temperature\":0}",
            "openai");
    is_body("openai", newer, "{" MESSAGES FORMAT "\"max_completion_tokens\":9}",
            "a reasoning model: no temperature");
    is_body("mistral", newer,
            "{" MESSAGES FORMAT "\"max_tokens\":9,\"temperature\":0}",
            "mistral knows max_tokens only");
    is_body("mistral", (struct llm_question){.plain_json = true},
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":"
            "\"R\\nSchéma JSON :\\n{\\\"type\\\":\\\"object\\\"}\"},"
            "{\"role\":\"user\",\"content\":\"T\"}],"
            "\"response_format\":{\"type\":\"json_object\"},"
            "\"max_tokens\":9,\"temperature\":0}",
            "json_object: the schema is in the prompt");
    is_body("anthropic", plain,
            "{\"model\":\"m\",\"max_tokens\":9,\"temperature\":0,"
            "\"system\":\"R\",\"messages\":[{\"role\":\"user\","
            "\"content\":\"T\"}],\"tools\":[{\"name\":\"n\",\"description\":"
            "\"Ce qui est lu dans le document.\",\"input_schema\":"
            "{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"tool\","
            "\"name\":\"n\"}}",
            "anthropic");
    tap_ok(!llm_dialect_find("") && !llm_dialect_find("other"),
           "no other provider");
}

static void headers(void)
{
    const char *h[8];
    struct llm_question q = {.key = "secret"};
    size_t n = llm_dialect_find("openai")->headers(a, &q, h, 8);
    tap_is_str(h[n - 1], "Authorization: Bearer secret", "a bearer");
    n = llm_dialect_find("anthropic")->headers(a, &q, h, 8);
    tap_ok(str_eq(h[1], "anthropic-version: 2023-06-01") &&
               str_eq(h[n - 1], "x-api-key: secret"),
           "anthropic's two");
    q.key = "";
    n = llm_dialect_find("openai")->headers(a, &q, h, 8);
    tap_ok(n == 2, "a server of one's own may want no key");
}

static const struct {
    const char *provider, *answer;
    enum llm_end end;
} said[] = {{"openai",
             "{\"choices\":[{\"message\":{\"content\":\"{\\\"x\\\":1}\","
             "\"refusal\":null},\"finish_reason\":\"stop\"}],\"usage\":"
             "{\"prompt_tokens\":3,\"completion_tokens\":4}}",
             LLM_END_WHOLE},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":\"{\\\"x\\\":1}\"},"
             "\"finish_reason\":\"length\"}]}",
             LLM_END_CUT},
            {"mistral",
             "{\"choices\":[{\"message\":{\"content\":\"{}\"},"
             "\"finish_reason\":\"model_length\"}]}",
             LLM_END_CUT},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":null,\"refusal\":\"no\"},"
             "\"finish_reason\":\"stop\"}]}",
             LLM_END_REFUSED},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":\"{}\"},"
             "\"finish_reason\":\"content_filter\"}]}",
             LLM_END_REFUSED},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":\"[1]\"},"
             "\"finish_reason\":\"stop\"}]}",
             LLM_END_ODD},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":\"{\\\"x\\\":1} ok\"},"
             "\"finish_reason\":\"stop\"}]}",
             LLM_END_ODD},
            {"openai",
             "{\"choices\":[{\"message\":{\"content\":"
             "\"{\\\"x\\\":1,\\\"x\\\":2}\"},\"finish_reason\":\"stop\"}]}",
             LLM_END_ODD},
            {"openai",
             "{\"choices\":[],\"usage\":{\"prompt_tokens\":"
             "9223372036854775807,\"completion_tokens\":-4}}",
             LLM_END_ODD},
            {"openai", "{\"choices\":[]}", LLM_END_ODD},
            {"openai", "[]", LLM_END_ODD},
            {"anthropic",
             "{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":"
             "\"tool_use\",\"input\":{\"x\":1}}],\"stop_reason\":\"tool_use\","
             "\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}",
             LLM_END_WHOLE},
            {"anthropic", "{\"content\":[],\"stop_reason\":\"max_tokens\"}",
             LLM_END_CUT},
            {"anthropic", "{\"content\":[],\"stop_reason\":\"refusal\"}",
             LLM_END_REFUSED},
            {"anthropic",
             "{\"content\":[{\"type\":\"text\",\"text\":\"{}\"}],"
             "\"stop_reason\":\"end_turn\"}",
             LLM_END_ODD}};

static void answers(void)
{
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct llm_reply r;
        AUTO_JSON root = json_loads(said[i].answer, 0, NULL);
        llm_dialect_find(said[i].provider)->read(a, root, &r);
        tap_ok(root && r.end == said[i].end &&
                   (r.end == LLM_END_WHOLE) == (r.value != NULL),
               "%s", said[i].answer);
        if (r.end == LLM_END_WHOLE)
            tap_ok(r.tokens_in == 3 && r.tokens_out == 4, "with its tokens");
        else
            tap_ok(r.tokens_in == -1, "tokens are not said");
    }
}

static void retries(void)
{
    static const struct {
        int status;
        const char *body;
        bool may;
    } rows[] = {{429, "{\"error\":{\"code\":\"rate_limit_exceeded\"}}", true},
                {429, "{\"error\":{\"code\":\"insufficient_quota\"}}", false},
                {429, "{\"error\":{\"type\":\"insufficient_quota\"}}", false},
                {429, "", true},
                {500, "<html>", true},
                {503, "{}", true},
                {529, "{}", true},
                {400, "{}", false},
                {401, "{}", false},
                {402, "{}", false},
                {403, "{}", false},
                {404, "{}", false},
                {307, "", false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        tap_ok(llm_dialect_may_retry(rows[i].status, rows[i].body) ==
                   rows[i].may,
               "%d %s", rows[i].status, rows[i].body);
}

int main(void)
{
    a = arena_new(4096);
    bodies();
    headers();
    answers();
    retries();
    arena_free(a);
    return tap_done();
}

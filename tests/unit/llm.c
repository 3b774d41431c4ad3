/* lib/llm/llm.c: nothing set up is no model; without a database for the
 * budget nothing is sent. Providers are shown by tests/api/70-llm. */
#include "llm/llm.h"
#include "base/auto.h"
#include "base/conf.h"
#include "base/log.h"
#include "tap.h"
#include <stdlib.h>

int main(void)
{
    struct arena *a = arena_new(4096);
    struct llm_usage usage;
    json_t *answer = NULL;
    setenv("LOG_FILE", "/dev/null", 1);
    tap_ok(!conf_init() && !llm_open(NULL), "no provider, no model");
    setenv("LLM_PROVIDER", "openai", 1);
    setenv("LLM_MODEL", "m", 1);
    setenv("LLM_BASE_URL", "http://127.0.0.1:9/v1/", 1);
    const char *bad = conf_init();
    tap_ok(!bad, "settings: %s", bad ? bad : "good");
    log_init("test");
    struct llm *l = llm_open(NULL);
    tap_ok(l != NULL, "a model");
    tap_is_str(l ? llm_provider(l) : "", "openai", "its provider");
    tap_is_str(l ? llm_model(l) : "", "m", "its name");
    AUTO_JSON schema =
        json_pack("{s:s,s:b,s:{}}", "name", "n", "strict", 1, "schema");
    tap_ok(l && llm_ask(l, a, "rules", "text", schema, &answer, &usage) ==
                    ERR_UNAVAILABLE,
           "no database, no budget");
    tap_is_int(usage.calls, 0, "and no call");
    arena_free(a);
    return tap_done();
}

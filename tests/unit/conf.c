/* lib/base/conf.c: defaults, bad values, secret files, aliases. */
#include "base/conf.h"
#include "base/str.h"
#include "tap.h"
#include <stdlib.h>
#include <unistd.h>

static void expect_bad(const char *key, const char *value, const char *says)
{
    setenv(key, value, 1);
    const char *bad = conf_init();
    tap_ok(bad && strstr(bad, says), "%s=%s: %s", key, value,
           bad ? bad : "(accepted)");
    unsetenv(key);
}

static void secret_file(void)
{
    char path[] = "/tmp/comptoir-conf-XXXXXX";
    int fd = mkstemp(path);
    tap_ok(fd >= 0 && write(fd, " one, two \n", 11) == 11, "a secret file");
    setenv("API_KEY_FILE", path, 1);
    tap_ok(conf_init() == NULL, "is accepted");
    const char *const *keys;
    tap_is_int(conf_list(CONF_API_KEY, &keys), 2, "two keys");
    tap_is_str(keys[1], "two", "trimmed");
    setenv("API_KEY", "direct", 1);
    tap_ok(conf_init() == NULL, "both given");
    tap_is_str(conf_str(CONF_API_KEY), "direct", "the variable wins");
    unsetenv("API_KEY");
    unsetenv("API_KEY_FILE");
    close(fd);
    unlink(path);
}

int main(void)
{
    clearenv();
    tap_ok(conf_init() == NULL, "defaults are valid");
    tap_is_int(conf_int(CONF_MAX_CONTENT_LENGTH), 16777216, "16 MiB");
    tap_ok(conf_bool(CONF_FORCE_HTTPS), "HTTPS is forced by default");
    const char *const *items;
    tap_is_int(conf_list(CONF_METRICS_ALLOW, &items), 2, "a list default");
    expect_bad("MAX_PAGES", "many", "whole number");
    expect_bad("MAX_PAGES", "0", "from 1 to");
    expect_bad("FORCE_HTTPS", "maybe", "true or false");
    expect_bad("LLM_PROVIDER", "other", "one of");
    expect_bad("LLM_PROVIDER", "openai|mistral", "one of");
    expect_bad("LLM_PROVIDER", "openai", "needs LLM_MODEL");
    expect_bad("LLM_OUTPUT", "xml", "one of");
    expect_bad("LLM_BASE_URL", "ftp://host/v1", "https://");
    setenv("ENV", "prod", 1);
    expect_bad("API_KEY", "short", "refuses");
    unsetenv("ENV");
    secret_file();
    setenv("CORS_ORIGINS", "https://a.example", 1);
    tap_ok(conf_init() == NULL, "an alias is read");
    tap_is_str(conf_str(CONF_ALLOWED_ORIGINS), "https://a.example", "alias");
    setenv("CELERY_TASK_TIME_LIMIT", "120", 1);
    setenv("CELERY_TASK_SOFT_TIME_LIMIT", "100", 1);
    setenv("CELERY_RESULT_EXPIRES", "3600", 1);
    tap_ok(conf_init() == NULL && conf_int(CONF_JOB_HARD_S) == 120 &&
               conf_int(CONF_JOB_SOFT_S) == 100 &&
               conf_int(CONF_JOB_RESULT_S) == 3600,
           "those of Celery too");
    tap_is_str(conf_name(CONF_API_KEY), "API_KEY", "names");
    tap_ok(conf_is_secret(CONF_API_KEY) && conf_is_secret(CONF_DATABASE_URL) &&
               !conf_is_secret(CONF_ENV),
           "which are secret");
    return tap_done();
}

/* lib/wire/s3.c: the settings. What it asks and what it makes of answers is
 * tested against a real server (tests/e2e/s3). */
#include "wire/s3.h"
#include <stdlib.h>
#include "base/conf.h"
#include "tap.h"

static const char *begin(const char *endpoint, const char *bucket)
{
    setenv("DO_SPACES_ENDPOINT", endpoint, 1);
    setenv("DO_SPACES_BUCKET", bucket, 1);
    const char *bad = conf_init();
    return bad ? bad : s3_init();
}

int main(void)
{
    clearenv();
    tap_ok(!begin("", "") && !s3_ready(), "off when unset");
    setenv("DO_SPACES_KEY", "AKID", 1);
    tap_ok(begin("", "") && !s3_ready(), "half of them");
    setenv("DO_SPACES_SECRET", "a-secret-of-the-store", 1);
    setenv("DO_SPACES_REGION", "ams3", 1);
    tap_ok(!begin("https://ams3.digitaloceanspaces.com", "runs") && s3_ready(),
           "all of them");
    tap_ok(!begin("http://minio.example.fr:9000", "runs"), "plain HTTP in dev");
    setenv("ENV", "staging", 1);
    tap_ok(begin("http://minio.example.fr:9000", "runs"), "only there");
    tap_ok(begin("http://127.0.0.1.example.fr", "runs") && !s3_ready(),
           "a name that looks local");
    tap_ok(!begin("http://127.0.0.1:9000", "runs") && s3_ready(),
           "and on this machine");
    tap_ok(begin("https://host/path", "runs"), "no path");
    tap_ok(begin("https://user@host", "runs"), "no user");
    tap_ok(begin("https://", "runs"), "no host");
    tap_ok(begin("https://host", "No_bucket"), "a bucket's name");
    tap_ok(begin("https://host", "ab"), "of three letters");
    setenv("DO_SPACES_ADDRESSING", "dns", 1);
    tap_ok(begin("https://host", "runs"), "an addressing there is not");
    setenv("DO_SPACES_ADDRESSING", "virtual", 1);
    tap_ok(!begin("https://host", "runs"), "virtual hosts");
    return tap_done();
}

#include "web/req.h"
#include "base/log.h"
#include "base/str.h"
#include "fake_req.h"
#include "tap.h"

static struct arena *a;

static bool accepts(const char *accept)
{
    struct fake f;
    fake_init(&f, a);
    fake_param(&f, "HTTP_ACCEPT", accept);
    return req_accepts(&f.r, "application/problem+json");
}

static void accept_header(void)
{
    tap_ok(accepts("application/problem+json"), "named");
    tap_ok(accepts("text/html, Application/Problem+JSON;q=0.5"), "in a list");
    tap_ok(!accepts("application/problem+json;q=0"), "refused by q=0");
    tap_ok(!accepts("application/problem+json; q=0.000, a/b"), "q=0.000");
    tap_ok(accepts("application/problem+json;q=0.001"), "q=0.001");
    tap_ok(!accepts("*/*"), "a wildcard does not count");
    tap_ok(!accepts("application/problem+jsonx"), "nor a longer name");
    tap_ok(!accepts(""), "nor nothing");
}

static void error_shape(void)
{
    struct fake f;
    fake_init(&f, a);
    tap_is_int(req_fail(&f.r, ERR_NOT_FOUND, NULL), OK, "req_fail");
    tap_is_int(f.r.status, 404, "status");
    tap_is_str(f.r.type, "application/json", "type");
    const char *want =
        "{\"error\":\"not_found\",\"code\":\"not_found\","
        "\"message\":\"There is nothing at this address.\","
        "\"detail\":\"There is nothing at this address.\","
        "\"status_code\":404,\"request_id\":\"request-0001\"}";
    tap_is_str(arena_strndup(a, (const char *)f.r.answer.p, f.r.answer.n),
               want, "members in order");
    fake_init(&f, a);
    tap_is_int(req_fail(&f.r, ERR_UNAUTHORIZED, NULL), OK, "401");
    tap_ok(fake_header(&f, "WWW-Authenticate"), "401 says how");
    fake_init(&f, a);
    tap_is_int(req_fail(&f.r, ERR_OVERLOADED, "secret detail"), OK, "503");
    tap_is_str(fake_header(&f, "Retry-After"), "1", "503 says when");
    tap_ok(!memmem(f.r.answer.p, f.r.answer.n, "secret detail", 13),
           "the detail is for the log only");
}

static void problem_shape(void)
{
    struct fake f;
    const char *type, *title, *instance, *code;
    int status;
    fake_init(&f, a);
    fake_param(&f, "HTTP_ACCEPT", "application/problem+json");
    tap_is_int(req_fail_with(&f.r, ERR_CONFLICT, NULL,
                             json_pack("{s:i}", "more", 7)), OK, "problem");
    tap_is_str(f.r.type, "application/problem+json", "its type");
    json_t *o = fake_json(&f);
    tap_is_int(json_unpack(o, "{s:s,s:s,s:s,s:i,s:s}", "type", &type, "title",
                           &title, "instance", &instance, "status", &status,
                           "code", &code), 0, "RFC 9457 members");
    tap_is_str(type, "urn:comptoir:error:conflict", "type");
    tap_is_int(status, 409, "status");
    tap_is_str(instance, "urn:comptoir:request:request-0001", "instance");
    tap_is_int(json_integer_value(json_object_get(o, "more")), 7,
               "extra members stay");
    json_decref(o);
}

static void parameters(void)
{
    struct fake f;
    fake_init(&f, a);
    fake_param(&f, "HTTP_ACCEPT_X", "1");
    fake_param(&f, "HTTP_ACCEPT", "2");
    tap_is_str(req_param(&f.r, "HTTP_ACCEPT"), "2", "the whole name counts");
    tap_ok(!req_param(&f.r, "HTTP"), "not its beginning");
}

int main(void)
{
    a = arena_new(4096);
    accept_header();
    error_shape();
    problem_shape();
    parameters();
    arena_free(a);
    return tap_done();
}

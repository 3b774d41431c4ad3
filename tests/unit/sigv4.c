/* lib/wire/sigv4.c: the figures that Amazon's S3 API reference publishes, and
 * the vector of a backup's manifest. */
#include "wire/sigv4.h"
#include "base/encode.h"
#include "tap.h"

static struct arena *a;

static const struct sigv4_keys published = {
    "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "us-east-1"};

static const char *sha(const char *text)
{
    return encode_sha256(a, text, strlen(text));
}

static struct sigv4_request bucket(const char *method, const char *path,
                                   const char *body)
{
    return (struct sigv4_request){.method = method,
                                  .host = "examplebucket.s3.amazonaws.com",
                                  .path = path,
                                  .payload_sha256 = sha(body),
                                  .amz_date = "20130524T000000Z"};
}

static const char *signature(const struct sigv4_request *q)
{
    struct sigv4_signed s;
    return sigv4_sign(a, &published, q, &s) ? NULL : s.signature;
}

static void examples(void)
{
    struct sigv4_request q = bucket("GET", "/test.txt", "");
    const struct sigv4_pair range[] = {{"range", "bytes=0-9"}};
    q.headers = range;
    q.n_headers = 1;
    tap_is_str(
        signature(&q),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        "GET of an object with a range");

    q = bucket("PUT", "/test$file.text", "Welcome to Amazon S3.");
    const struct sigv4_pair stored[] = {
        {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
        {"date", "Fri, 24 May 2013 00:00:00 GMT"}};
    q.headers = stored;
    q.n_headers = 2;
    tap_is_str(
        signature(&q),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        "PUT of an object");

    q = bucket("GET", "/", "");
    const struct sigv4_pair lifecycle[] = {{"lifecycle", ""}};
    q.query = lifecycle;
    q.n_query = 1;
    tap_is_str(
        signature(&q),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "GET of a bucket's lifecycle");

    const struct sigv4_pair list[] = {{"prefix", "J"}, {"max-keys", "2"}};
    q.query = list;
    q.n_query = 2;
    tap_is_str(
        signature(&q),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        "GET of a list of objects, its query sorted");
}

#define MANIFEST                                                    \
    "/invoice-backups-prod/prod/user-123__client-name/invoice-456/" \
    "20250115T143022Z/manifest.json"

/* A backup's own vector, whole. */
static void manifest(void)
{
    const struct sigv4_keys keys = {
        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "ams3"};
    const struct sigv4_pair headers[] = {
        {"x-amz-server-side-encryption", "AES256"},
        {"x-amz-meta-user-id", " 123"},
        {"x-amz-meta-source-kind", "pdf"},
        {"x-amz-meta-run-id", "20250115T143022Z"},
        {"x-amz-meta-invoice-id", "456 "},
        {"x-amz-meta-external-ref", "FAC-2025-001"},
        {"x-amz-meta-energy-type", "electricite"},
        {"x-amz-acl", "private"},
        {"content-type", "application/json"}};
    const struct sigv4_request q = {.method = "PUT",
                                    .host = "ams3.digitaloceanspaces.com",
                                    .path = MANIFEST,
                                    .headers = headers,
                                    .n_headers = ARRAY_LEN(headers),
                                    .payload_sha256 = sha("{\"env\":\"prod\"}"),
                                    .amz_date = "20250115T143022Z"};
    struct sigv4_signed s;
    tap_is_int(sigv4_sign(a, &keys, &q, &s), OK, "a manifest is signed");
    tap_is_str(s.target, MANIFEST, "its target");
    tap_is_str(
        sha(s.canonical_request),
        "6e9471cba240afd31d9b2c2167f55d1614754a4cc3c26581cc9fef2ca77eacde",
        "canonical request");
    tap_ok(strstr(s.canonical_request, "x-amz-meta-user-id:123\n"),
           "values are trimmed");
    tap_is_str(s.string_to_sign,
               "AWS4-HMAC-SHA256\n20250115T143022Z\n20250115/ams3/s3/"
               "aws4_request\n6e9471cba240afd31d9b2c2167f55d1614754a4cc3c2658"
               "1cc9fef2ca77eacde",
               "string to sign");
    tap_is_str(
        s.signature,
        "f1df94d29a11f750ca9cd66bf191efebc6c4ab7c6d1545b0d3328f1c918cb523",
        "signature");
    tap_is_str(
        s.authorization,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20250115/ams3/s3/"
        "aws4_request, SignedHeaders=content-type;host;x-amz-acl;"
        "x-amz-content-sha256;x-amz-date;x-amz-meta-energy-type;"
        "x-amz-meta-external-ref;x-amz-meta-invoice-id;x-amz-meta-run-id;"
        "x-amz-meta-source-kind;x-amz-meta-user-id;"
        "x-amz-server-side-encryption, Signature="
        "f1df94d29a11f750ca9cd66bf191efebc6c4ab7c6d1545b0d3328f1c918cb523",
        "authorization");
}

static void canonical(void)
{
    struct sigv4_signed s, t;
    struct sigv4_request q = bucket("GET", "/a//b/../c d+é%2F", "");
    const struct sigv4_pair headers[] = {{"x-amz-meta-x", "a \t  b"}};
    const struct sigv4_pair query[] = {
        {"prefix", "a/b c"}, {"list-type", "2"}, {"a", "2"}, {"a", "1"}};
    q.headers = headers;
    q.n_headers = 1;
    q.query = query;
    q.n_query = 4;
    tap_is_int(sigv4_sign(a, &published, &q, &s), OK, "an odd request");
    tap_is_str(s.target,
               "/a//b/../c%20d%2B%C3%A9%252F?a=1&a=2&list-type=2&"
               "prefix=a%2Fb%20c",
               "a path is encoded once, and not normalised");
    tap_ok(strstr(s.canonical_request, "\nx-amz-meta-x:a b\n"),
           "spaces inside a value become one");
    q.amz_date = "20130524T000001Z";
    tap_ok(sigv4_sign(a, &published, &q, &t) == OK &&
               strcmp(s.signature, t.signature) != 0,
           "the second is signed, too");
    q.amz_date = "2013-05-24";
    tap_is_int(sigv4_sign(a, &published, &q, &s), ERR_INTERNAL,
               "a date of another form");
    q = bucket("GET", "/", "");
    q.query = query;
    q.n_query = SIGV4_PAIRS_MAX + 1;
    tap_is_int(sigv4_sign(a, &published, &q, &s), ERR_INTERNAL,
               "too long a query");
    tap_is_str(sigv4_date(a, 1369353600000), "20130524T000000Z",
               "the form of dates");
}

int main(void)
{
    a = arena_new(1 << 16);
    examples();
    manifest();
    canonical();
    arena_free(a);
    return tap_done();
}

/* lib/base/log.c: one JSON line an event, safe against injection, rotated. */
#include "base/log.h"
#include "base/conf.h"
#include "tap.h"
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];

static json_t *last_line(void)
{
    char text[8192] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return NULL;
    text[n - 1] = '\0';
    char *from = strrchr(text, '\n');
    return json_loads(from ? from + 1 : text, 0, NULL);
}

static void rotation(void)
{
    char old[80];
    struct stat st;
    if (truncate(path, 10 * 1000 * 1000) < 0)
        return;
    snprintf(old, sizeof old, "%s.1", path);
    /* the size is looked at once a second: poll the condition */
    for (int i = 0; i < 300 && stat(old, &st) < 0; i++) {
        usleep(10000);
        log_info("tick", NULL);
    }
    tap_ok(stat(old, &st) == 0, "10 MB rotate");
    tap_ok(stat(path, &st) == 0 && st.st_size < 10000, "a fresh file");
    unlink(old);
}

int main(void)
{
    char dir[] = "/tmp/comptoir-log-XXXXXX";
    if (!mkdtemp(dir))
        return 1;
    snprintf(path, sizeof path, "%s/app.log", dir);
    setenv("LOG_FILE", path, 1);
    tap_ok(conf_init() == NULL, "configuration");
    log_init("test");
    log_context("req-1", "key:abcd", "127.0.0.1");
    log_tenant(12);
    log_info("upload_ok", "{s:i,s:s}", "pages", 3, "name", "a\n{\"x\"}");
    json_t *o = last_line();
    tap_ok(o != NULL, "the line is one JSON object");
    tap_is_str(json_string_value(json_object_get(o, "event")), "upload_ok",
               "event");
    tap_is_str(json_string_value(json_object_get(o, "request_id")), "req-1",
               "request id");
    tap_is_int(json_integer_value(json_object_get(o, "tenant")), 12, "tenant");
    tap_is_str(json_string_value(json_object_get(o, "name")), "a\n{\"x\"}",
               "control characters are escaped");
    json_decref(o);
    log_info("spoof", "{s:s}", "event", "other");
    o = last_line();
    tap_is_str(json_string_value(json_object_get(o, "event")), "spoof",
               "members cannot replace the event");
    json_decref(o);
    char *huge = calloc(1, 6001);
    memset(huge, 'x', 6000);
    log_info("huge", "{s:s}", "detail", huge);
    free(huge);
    o = last_line();
    tap_is_str(json_string_value(json_object_get(o, "event")), "huge",
               "an event with too much to say is not lost");
    tap_ok(json_is_true(json_object_get(o, "cut")), "and says that it was cut");
    json_decref(o);
    log_debug("hidden", NULL);
    o = last_line();
    tap_is_str(json_string_value(json_object_get(o, "event")), "huge",
               "debug is off by default");
    json_decref(o);
    rotation();
    struct arena *a = arena_new(256);
    tap_is_str(log_mask(a, "abcdefghijkl"), "abcd…", "keys are masked");
    tap_is_str(log_mask(a, "short"), "…", "short keys vanish");
    arena_free(a);
    unlink(path);
    rmdir(dir);
    return tap_done();
}

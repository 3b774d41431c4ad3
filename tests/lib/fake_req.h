/* A request without FastCGI: parameters from a list, an arena of its own. */
#pragma once
#include <string.h>
#include "web/req.h"

struct fake {
    char *env[32];
    size_t n;
    struct req r;
};

static inline void fake_init(struct fake *f, struct arena *a)
{
    *f = (struct fake){.n = 0};
    f->r = (struct req){.arena = a, .env = f->env, .method = "GET",
                        .path = "/", .query = "", .ip = "192.0.2.7",
                        .id = "request-0001"};
}

static inline void fake_param(struct fake *f, const char *name,
                              const char *value)
{
    f->env[f->n++] = arena_printf(f->r.arena, "%s=%s", name, value);
}

/* The value of an answer header, or NULL. */
__attribute__((unused)) static const char *
fake_header(const struct fake *f, const char *name)
{
    for (size_t i = 0; i < f->r.n_headers; i++)
        if (strcmp(f->r.headers[i].name, name) == 0)
            return f->r.headers[i].value;
    return NULL;
}

/* The answer as JSON; the caller's. */
__attribute__((unused)) static json_t *fake_json(const struct fake *f)
{
    return json_loadb((const char *)f->r.answer.p, f->r.answer.n, 0, NULL);
}

/* Layout 1: what the samples file says, line by line. */
#include "tabs.h"
#include <string.h>
#include "base/str.h"

enum { LEFT = 15, RIGHT = 197, STOPS = 5 };

static const char *member(const json_t *line, const char *key)
{
    const char *text = json_string_value(json_object_get(line, key));
    return text ? text : "";
}

static float tab_stop(const struct sample *s, size_t i)
{
    return (float)json_number_value(
        json_array_get(json_object_get(s->file, "tabs_mm"), i));
}

/* A row of the table of lines: the label is broken to stay in its column. */
static float draw_row(struct paper *p, const struct sample *s,
                      const char **cell, size_t n, float y, float pt, bool bold)
{
    for (size_t i = 1; i < n; i++)
        paper_text(p, tab_stop(s, i), y, pt, bold, cell[i]);
    return paper_wrap(p, LEFT, y, tab_stop(s, 1) - LEFT - 2, pt, bold, cell[0]);
}

/* Any other line: each cell at its stop, or further right when the one
 * before reaches over it. */
static float draw_cells(struct paper *p, const struct sample *s,
                        const char **cell, size_t n, float y, float pt,
                        bool bold)
{
    float x = LEFT;
    for (size_t i = 0; i + 1 < n; i++) {
        paper_text(p, x, y, pt, bold, cell[i]);
        x += paper_width(p, cell[i], pt, bold) + 3;
        if (x < tab_stop(s, i + 1))
            x = tab_stop(s, i + 1);
    }
    return paper_wrap(p, x, y, RIGHT - x, pt, bold, cell[n - 1]);
}

void tabs_page(struct paper *p, const struct sample *s, size_t index)
{
    size_t i;
    const json_t *line;
    float y = 14;
    const json_t *page =
        json_array_get(json_object_get(s->invoice, "pages"), index);
    json_array_foreach(page, i, line)
    {
        const char *cell[STOPS], *style = member(line, "s");
        float pt =
            (float)sample_real(json_object_get(s->file, "styles"), style);
        bool bold = !str_eq(style, "n") && !str_eq(style, "small");
        size_t n = str_split(s->arena, member(line, "t"), '\t', cell, STOPS);
        y += paper_leading(pt) + (pt > 10 ? 2 : 1);
        y = n == STOPS ? draw_row(p, s, cell, n, y, pt, bold)
                       : draw_cells(p, s, cell, n, y, pt, bold);
    }
}

float tabs_small_print(struct paper *p, const struct sample *s, size_t index,
                       float x, float width, float y)
{
    size_t i;
    const json_t *line;
    const json_t *page =
        json_array_get(json_object_get(s->invoice, "pages"), index);
    json_array_foreach(page, i, line)
    {
        const char *t = member(line, "t");
        if (!str_eq(member(line, "s"), "small") &&
            !str_starts(t, "dont acheminement") && !str_starts(t, "Prochain"))
            continue;
        y = paper_wrap(p, x, y, width, 7, false, t) + paper_leading(7) + 0.6f;
    }
    return y;
}

/* Layouts by number; each draws one page at a time. */
#include "sheets.h"
#include <err.h>
#include "base/str.h"
#include "boxed.h"
#include "letter.h"
#include "paper.h"
#include "sidebar.h"
#include "tabs.h"

static const struct layout {
    enum paper_face face;
    void (*page)(struct paper *p, const struct sample *s, size_t index);
} layouts[SHEETS_LAYOUTS] = {
    {FACE_SANS, tabs_page},
    {FACE_SERIF, boxed_page},
    {FACE_ARIAL, sidebar_page},
    {FACE_SERIF, letter_page},
};

void sheets_draw(const struct sample *s, int layout, const char *pages,
                 const char *path)
{
    const struct layout *l = &layouts[layout - 1];
    const char *list[32];
    size_t n = sample_n_pages(s), all = n;
    if (pages)
        n = str_split(s->arena, pages, ',', list, ARRAY_LEN(list));
    struct paper p;
    paper_open(&p, l->face,
               json_string_value(json_object_get(s->file, "watermark")));
    for (size_t i = 0; i < n; i++) {
        int64_t number = (int64_t)i + 1;
        if (pages && (!str_to_i64(list[i], &number) || number < 1 ||
                      number > (int64_t)all))
            errx(1, "there is no page %s", list[i]);
        paper_page(&p);
        l->page(&p, s, (size_t)number - 1);
    }
    paper_save(&p, path);
    paper_close(&p);
}

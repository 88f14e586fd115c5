/* design_dump FOLDER: write /design in both languages and every file of static/ into FOLDER, for
 * the browser's test. */
#include <stdio.h>
#include <sys/stat.h>

#include "core/arena.h"
#include "core/file.h"
#include "platform/web/design.h"
#include "platform/web/static_files.h"

static const struct nav_item nav[] = {
    {.label = N_("Home"), .to = {{"/", 1}}},
    {.label = N_("Training"), .to = {{"/training", 9}}},
    {.label = N_("Projects"), .to = {{"/projects", 9}}, .here = true},
    {.label = N_("Evaluation"), .to = {{"/evaluation", 11}}},
};

static int save(struct arena *arena, const char *folder, const char *name, struct str content)
{
    struct problem problem;
    if (file_write_atomic(path_join(arena, folder, name), content, 0644, &problem) == ERR_OK)
        return 0;
    fprintf(stderr, "%s: %s\n", name, err_message(problem.code));
    return 1;
}

static int page_save(struct arena *arena, const char *folder, enum lang lang, const char *theme)
{
    struct buf out;
    buf_init(&out);
    struct page page = {.out = &out, .lang = lang, .prefix = STR(""), .form_token = STR("token")};
    struct shell shell = {.site_name = STR(""),
                          .nav = nav,
                          .nav_count = COUNT_OF(nav),
                          .viewer_name = STR("\xE6\x9E\x97\xE6\x99\x93 Lin Xiao"),
                          .account = {STR("/account")},
                          .here = STR("/design"),
                          .theme = theme,
                          .notice = N_("The plan was saved."),
                          .notice_tone = TONE_GOOD};
    design_page(&page, arena, &shell);
    struct str name = str_format(arena, "design-%s-%s.html", lang == LANG_ZH ? "zh" : "en", theme);
    int status = save(arena, folder, name.text, buf_str(&out));
    buf_clear(&out);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    struct arena arena;
    struct problem problem;
    arena_init(&arena);
    int status = folder_make(argv[1], &problem) != ERR_OK;
    static const char *const themes[] = {"auto", "light", "dark"};
    for (size_t i = 0; i < COUNT_OF(themes); i++) {
        status |= page_save(&arena, argv[1], LANG_EN, themes[i]);
        status |= page_save(&arena, argv[1], LANG_ZH, themes[i]);
    }
    const char *folder = path_join(&arena, argv[1], "static");
    status |= folder_make(folder, &problem) != ERR_OK;
    for (size_t i = 0; i < static_file_count; i++)
        status |= save(&arena, folder, static_files[i].path, static_files[i].content);
    arena_clear(&arena);
    return status;
}

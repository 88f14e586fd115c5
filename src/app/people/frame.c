/* people: the frame of a page for whoever asks. */
#include "app/people/people.h"
#include "core/arena.h"

static struct link path_link(struct arena *arena, const char *path)
{
    return link_to(arena, path, NULL, 0);
}

static void nav_fill(struct request *request, const struct people_site *site, struct shell *shell)
{
    size_t count = 0;
    while (site->nav[count].label != NULL)
        count++;
    struct nav_item *items = ARENA_ARRAY(&request->arena, struct nav_item, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct people_nav *entry = &site->nav[i];
        if (!people_may(&request->viewer, entry->permission))
            continue;
        items[shell->nav_count++] =
            (struct nav_item){.label = entry->label,
                              .to = path_link(&request->arena, entry->path),
                              .here = str_starts_with(request->path, str_from_c(entry->path))};
    }
    shell->nav = items;
}

static void frame_fill(struct request *request, struct shell *shell)
{
    const struct people_site *site = request->site->context;
    shell_fill(shell, request);
    shell->account = path_link(&request->arena, "/account");
    if (!str_equal_c(request->path, "/sign-in"))
        shell->sign_in = path_link(&request->arena, "/sign-in");
    if (site != NULL) {
        shell->site_name = str_from_c(site->name);
        nav_fill(request, site, shell);
    }
}

void people_shell(struct request *request, struct str title, struct shell *shell)
{
    *shell = (struct shell){.title_text = title};
    frame_fill(request, shell);
}

void people_shell_titled(struct request *request, const char *title, struct shell *shell)
{
    *shell = (struct shell){.title = title};
    frame_fill(request, shell);
}

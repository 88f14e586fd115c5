/* people: roles, and what they may do. */
#include "app/people/people.h"

struct role_row {
    const char *word, *label;
};

static const struct role_row roles[] = {
#define ROLE(name, word, label) {word, label},
#include "app/people/roles.def"
#undef ROLE
};

#define BIT(name) (UINT32_C(1) << ROLE_##name)
#define ROLE_STRANGER (UINT32_C(1) << 31)
#define ROLES_ALL ((UINT32_C(1) << ROLE_COUNT) - 1)
static const uint32_t permissions[] = {
#define PERMISSION(name, roles) (roles),
#include "app/people/permissions.def"
#undef PERMISSION
};

_Static_assert(ROLE_COUNT <= 31, "a role needs a bit of the viewer's");

bool role_from_word(struct str word, enum role *role)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (str_equal_c(word, roles[i].word)) {
            *role = (enum role)i;
            return true;
        }
    }
    return false;
}

const char *role_word(enum role role)
{
    return roles[role].word;
}

const char *role_label(enum role role)
{
    return roles[role].label;
}

bool people_may(const struct viewer *viewer, int permission)
{
    if (permission < 0 || permission >= PERMISSION_COUNT)
        return false;
    uint32_t asks = viewer->person == 0 ? ROLE_STRANGER : viewer->roles;
    return (permissions[permission] & asks) != 0;
}

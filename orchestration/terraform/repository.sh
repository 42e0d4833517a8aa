#!/bin/sh
# Stops `make infra` when terraform.tfvars does not name the repository exactly as GitHub does. AWS compares the name by
# case, and GitHub's API does not, so a wrong spelling would make a role that nobody can take.
# Does nothing for a destroy, without the GitHub CLI, or when GitHub does not answer.
case "$*" in *destroy*) exit 0 ;; esac
value() { sed -n "s/^ *$1 *= *\"\{0,1\}\([^\"# ]*\).*/\1/p" terraform.tfvars 2>/dev/null; }
repository=$(value github_repository)
{ [ "$repository" ] && command -v gh >/dev/null; } || exit 0
found=$(gh api "repos/$repository" --jq '"\(.full_name) \(.owner.id) \(.id)"' 2>/dev/null) || exit 0
given="$repository $(value github_owner_id) $(value github_repository_id)"
[ "$found" = "$given" ] && exit 0
set -- $found
cat >&2 <<END
terraform.tfvars does not name the repository as GitHub does. Write:
github_repository    = "$1"
github_owner_id      = $2
github_repository_id = $3
END
exit 1

"""bumper keeps the container images of a Git repository current, one reviewed change at a time.

The line: data goes down only, no stage calls another, `run.py` calls them in this order.

    discover   file texts, formats          -> image uses                                    pure
    attach     image uses, their texts      -> uses with the settings that stand beside them  pure
    resolve    image uses, registries       -> tag lists, Complete or Incomplete(reason)     world
    decide     a use, its tags, a policy    -> a ranking, every refused tag with its reason  pure
               (a group moves `together` or not at all: narrowed here, agreed behind confirm)
    confirm    rankings, registries         -> bumps and holds, vouched for by the registry  world
    plan       bumps, config                -> change requests                               pure
    edit       texts, bumps                 -> texts                                         pure
    publish    change requests, texts, Git  -> branches and pull requests                    world
    notify     a report, channels           -> messages, each event once                     world

Every use ends in exactly one outcome: Bump, Hold, Current, Ignored or Failure.
Git and the pull requests are the state; there is no database.

The floors: imports go down only, never sideways, never up. `tests/test_floors.py` holds them.

    cli/        one file per verb; app.py joins them, output.py prints
    proof       the edit of every file, tried before anybody hears of it
    run         the line, in order; one image's failure never stops the rest
    presence    what is open and no longer listed: gone, or the list is short
    reading     the first stretch: files -> what stands in them, kept from run to run
    catalog     every member of every family by name: the one place to register
    discover attach resolve decide confirm plan edit publish notify       the stages
    formats/ schemes/ dialects/ messages/ reports/                        families, pure
    judging/    one use before its tags: the best, the rules, the reading, the words, groups, digests
    migrate     other systems' settings -> our config, and the proof
    migrations/ their files; markers claims agreement: their marks, our rules, two readings compared
    publishing/ pull requests: what stands there, is refused, asked for, said, due; whose a branch is
    branches    where the branches of pull requests live, and that they are ours
    news told   what a run did, as events; what of it was told already, on a branch of its own
    sizes       how much is pulled, before and after
    sources     where files are read: on disk, or in a commit
    registries/ forges/ notifiers/ config/ worktree                       families and worlds
    keychains/  who may know a secret
    trees       what a Git repository holds, read alone; `worktree` makes commits in it
    git_process git_environment    Git's own commands, with nothing of the repository's running; the only GitPython
    apis/       how the forges are spoken to: pages, threads, refusals in words
    finding/    image uses made of text: what formats share
    policies    the policy texts; what schemes and config share
    pushes senders                                                        what a payload says was pushed, and who sends it
    asides/     settings beside an image: their words, and where they stand
    flags/      what other systems were started with, option by option
    model       the records that travel down the line
    reference yaml_nodes yaml_text http cache                             grammar, marks, the network
    patience    how long strangers are waited for
    wire/       sockets, one exchange, one host's share of a run; the only httpx
    origins     where a request goes, and the secrets bound to it
    ci disk fast_import                                                   what surrounds us, Git's words
    errors text redact nearness harmless past settings_inside             the ground

A stage imports a family's `base`, never a member; members never import a sibling. Families'
`__init__` are empty.
"""

__version__ = "0.1.0"

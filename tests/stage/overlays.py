"""A small statement with one of everything that an overlay could try to loosen, and overlays around it."""

from collections.abc import Iterable
from functools import cache

from amanat.policy.interpreter import Policy
from amanat.policy.rule import Rule, RuleKind
from amanat.statement.compile import Statement, compile_statement, load_statement
from amanat.statement.diagnostics import Diagnostic, StatementError
from amanat.statement.overlay_compile import compile_overlay, installed_overlays, load_overlay
from amanat.statement.overlays import Overlay

SMALL = """\
---
statement: small
version: 0.1.0
effective: 2027-01-01
---
```world
company(CH), relation(direct), country(CH), recipient_country(CH), age(41)
agreement(live), terms(secrecy, purpose_bound, our_directions), identity(proven), entitlement, k(25)
```

### 3.5 Numbers
We [tell](do:telling) [numbers](data:aggregate) [about our services](for:service) that [hide everybody](if:k) [well enough](then:aggregate_k).
```rule
permit 3.5
  do    telling
  data  aggregate
  for   service
  if    k >= 10
  then  aggregate_k 10
```
```cases
permit  billing_clerk disclose aggregate to employer for billing
deny    billing_clerk disclose aggregate to employer for billing    given k(9)    because 3.5
```

### 6.7 Firms
We [tell or pass on](do:telling) [your data](data:personal) to [firms](to:provider) [for our services](for:service) once they have [signed](if:agreement), and [look at it again](then:review); they destroy it [when it is over](every:trip_ended), [in a month](within:30d).
```rule
permit 6.7
  do    telling
  data  personal
  to    provider
  for   service
  then  review 72h
duty 6.7d
  owner      privacy_officer
  for every  trip_ended
  within     30d
  evidence   erasure_record
require 6.7x
  do    telling
  data  personal
  to    provider
  need  agreement
```
```cases
permit  logistics_agent disclose name to provider.travel for logistics
deny    logistics_agent disclose name to provider.travel for logistics    given no agreement    because 6.7
```

### 6.11 Orders
[Told](do:telling) [of](data:personal) [by order](if:order) [of the law](for:legal_order), or for [your rights](for:rights_fulfilment).
```rule
permit 6.11
  do    telling
  data  personal
  for   legal_order, rights_fulfilment
  if    order
```
```cases
permit  privacy_officer disclose name to police_or_court for legal_order    given order
deny    privacy_officer disclose name to police_or_court for legal_order    because 6.11
```

### 7.1 The young
We [take](do:taking) [nothing](data:personal) [online](ch:online) about [the young](ctx:minor).
```rule
forbid 7.1
  do    taking
  data  personal
  ch    online
  ctx   minor
```
```cases
deny    member collect name of minor for billing via app    because 7.1
```

### 8.12 Blocks
Whom [you blocked](if:blocked_recipient) we do not [tell](do:telling) [of you](data:personal).
```rule
choice 8.12a
  do    telling
  data  personal
  if    blocked_recipient
```
```cases
deny    logistics_agent disclose name to provider.travel for logistics    given choice(block_recipient, provider)    because 8.12a
```

### 9.2 Bound
What [you hold back](if:withheld) we do not [tell](do:telling) [of you](data:personal).
```rule
choice 9.2
  do    telling
  data  personal
  if    withheld
```
```cases
deny    logistics_agent disclose name to provider.travel for logistics    given choice(withhold, name)    because 9.2
```
"""  # noqa: E501  # a statement is written a sentence a line

HEADER = """\
---
overlay: {kind}
name: test
version: 1.0.0
effective: 2027-01-01
statement: small
applies: {applies}
---
### {clause} Stricter
{prose}
```rule
{rules}
```
```cases
{cases}
```
"""


@cache
def small() -> Statement:
    return compile_statement(SMALL)


def overlay_text(
    rules: str, clause: str = "6.7", *, kind: str = "law", applies: str = "CH", prose: str = "", cases: str = ""
) -> str:
    return HEADER.format(kind=kind, applies=applies, clause=clause, prose=prose, rules=rules.strip(), cases=cases)


def faults(text: str, base: Statement | None = None) -> list[Diagnostic]:
    """What is wrong with an overlay of the small statement; nothing if it is put in force."""
    try:
        compile_overlay(text, base or small())
    except StatementError as error:
        return error.diagnostics
    return []


def overlay_of(rules: Iterable[Rule], overlay: str = "law:CH", applies: str = "CH", *compels: str) -> Overlay:
    """An overlay made of rules, without a file."""
    return Overlay(overlay, "1.0.0", "2027-01-01", "0" * 64, "", frozenset({applies}), tuple(rules), frozenset(compels))


@cache
def shipped() -> tuple[Overlay, ...]:
    base = load_statement("ama")
    return tuple(load_overlay(one, base) for one in installed_overlays())


def without_choices(policy: Policy) -> Policy:
    """The same rules as if nobody had ever forbidden anything."""
    rules = tuple(rule for rule in policy.rules if rule.kind is not RuleKind.CHOICE)
    return Policy(rules, policy.version, policy.digest)

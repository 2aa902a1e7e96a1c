"""What axe finds wrong with a page or a part of it, by WCAG 2.2 AA."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
ADMIN = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
SITE = (*ADMIN, "wcag21a", "best-practice")


def faults(page, part=None, *, rules=ADMIN, **options):
    """A line for each element that breaks one of the rules, in `part` (a selector) or everywhere.

    Only what is wrong is reported to the test: axe would send all that is right, too.
    """
    options |= {"runOnly": list(rules), "resultTypes": ["violations"]}
    # Its program is half a megabyte: a page is given it once.
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate(
        "async ([part, options]) => (await axe.run(part ?? document, options)).violations",
        [part, options],
    )
    return [
        f"{page.url} {part or ''} {one['id']} {node['target']} {node.get('failureSummary', '')}"
        for one in found
        for node in one["nodes"]
    ]

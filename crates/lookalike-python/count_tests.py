"""Say how many tests passed and failed, as `./test` counts them."""

import sys
import xml.etree.ElementTree as ElementTree

suite = ElementTree.parse(sys.argv[1]).getroot().find("testsuite")
failed = int(suite.get("failures")) + int(suite.get("errors"))
passed = int(suite.get("tests")) - failed - int(suite.get("skipped"))
print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed; {suite.get('skipped')} ignored")

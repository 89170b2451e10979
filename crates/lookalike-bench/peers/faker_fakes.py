"""Times Faker. Arguments: how many values of each sort, and the locale. Prints seconds per sort."""

import json
import sys
import time

from faker import Faker

SORTS = {
    "name": "name",
    "first_name": "first_name",
    "email": "ascii_safe_email",
    "phone_number": "phone_number",
    "address": "address",
    "city": "city",
    "company": "company",
    "job": "job",
    "iban": "iban",
    "credit_card_number": "credit_card_number",
    "ssn": "ssn",
    "ipv4_address": "ipv4",
    "mac_address": "mac_address",
    "url": "url",
    "user_agent_string": "user_agent",
    "license_plate": "license_plate",
}


def main():
    count, locale = int(sys.argv[1]), sys.argv[2]
    fake = Faker(locale)
    Faker.seed(1)
    figures = {}
    for sort, function in SORTS.items():
        make = getattr(fake, function)
        make()
        start = time.perf_counter()
        for _ in range(count):
            make()
        figures[sort] = (time.perf_counter() - start) / count
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

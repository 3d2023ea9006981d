"""What a company edits, as typed values: everything in company/ but the articles, messages and lexicon.

`load_company(root)` reads the YAML files under `root` into frozen models. An edit that cannot be used
raises `CompanyFileError` naming the file and the key, so that whoever edited it can mend it; nothing is
half loaded. Articles (company/knowledge) are read by `helpdesk.knowledge.articles`, messages and letters
by `helpdesk.wording`.
"""

from helpdesk.company.connectors import Connectors
from helpdesk.company.files import Edits, parse_yaml, read_yaml
from helpdesk.company.letters import letter_wordings
from helpdesk.company.loader import load_company
from helpdesk.company.matters import Category, Clock, Complaints, Conditional, FieldSpec, Kind, Limits
from helpdesk.company.profile import (
    WEEKDAYS,
    Department,
    Holidays,
    OpeningHours,
    Period,
    Periods,
    PrivacyNotice,
    Profile,
    Role,
    StaffMember,
    YearOfHolidays,
)
from helpdesk.company.shape import CompanyFileError
from helpdesk.company.shop import DemoCustomer, DemoOrder, OrderItem, OrderNumbers, Product
from helpdesk.company.webhooks import Receiver
from helpdesk.company.whole import Company
from helpdesk.company.words import (
    Chatter,
    Concepts,
    FollowUpWords,
    ForbiddenGroup,
    QueueWords,
    Safety,
    SafetyInstruction,
    Urgency,
    UrgencySign,
)

__all__ = [
    "WEEKDAYS",
    "Category",
    "Chatter",
    "Clock",
    "Company",
    "CompanyFileError",
    "Complaints",
    "Concepts",
    "Conditional",
    "Connectors",
    "DemoCustomer",
    "DemoOrder",
    "Department",
    "Edits",
    "FieldSpec",
    "FollowUpWords",
    "ForbiddenGroup",
    "Holidays",
    "Kind",
    "Limits",
    "OpeningHours",
    "OrderItem",
    "OrderNumbers",
    "Period",
    "Periods",
    "PrivacyNotice",
    "Product",
    "Profile",
    "QueueWords",
    "Receiver",
    "Role",
    "Safety",
    "SafetyInstruction",
    "StaffMember",
    "Urgency",
    "UrgencySign",
    "YearOfHolidays",
    "letter_wordings",
    "load_company",
    "parse_yaml",
    "read_yaml",
]

"""The words desks are made of: places, teams, services, complaints, things to order.

Floor 3. All invented or common; no company and no person. A desk draws from these by its seed.
"""

from typing import NamedTuple

REGIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "Europe": (
        ("Lisbon", "Europe/Lisbon"),
        ("Kraków", "Europe/Warsaw"),
        ("Ghent", "Europe/Brussels"),
        ("Brno", "Europe/Prague"),
        ("Leipzig", "Europe/Berlin"),
        ("Turin", "Europe/Rome"),
        ("Utrecht", "Europe/Amsterdam"),
    ),
    "Americas": (
        ("Denver", "America/Denver"),
        ("Toronto", "America/Toronto"),
        ("Monterrey", "America/Monterrey"),
        ("Austin", "America/Chicago"),
        ("Curitiba", "America/Sao_Paulo"),
    ),
    "Asia": (
        ("Pune", "Asia/Kolkata"),
        ("Cebu", "Asia/Manila"),
        ("Penang", "Asia/Kuala_Lumpur"),
        ("Da Nang", "Asia/Ho_Chi_Minh"),
        ("Sendai", "Asia/Tokyo"),
    ),
}

# What a team is for, and what desks call it.
CENTRAL_TEAMS: dict[str, tuple[str, ...]] = {
    "network": ("Network Operations", "Network Services", "Connectivity"),
    "workplace": ("Workplace Engineering", "Client Engineering", "Workplace Services"),
    "identity": ("Identity and Access", "Access Management", "Directory Services"),
    "server": ("Server and Cloud", "Hosting", "Cloud Platform"),
    "database": ("Database Services", "Database Administration", "Data Platform"),
    "messaging": ("Messaging and Collaboration", "Mail and Chat", "Collaboration Services"),
    "erp": ("ERP Applications", "Finance and Logistics Systems", "Business Applications"),
    "customer": ("Customer Applications", "Web and Mobile", "Digital Channels"),
    "reporting": ("Data and Reporting", "Business Intelligence", "Analytics Services"),
    "security": ("Security Operations", "Cyber Defence", "Information Security"),
    "telephony": ("Telephony", "Voice and Contact Centre", "Voice Services"),
    "assets": ("Asset Management", "Procurement and Assets", "Hardware Logistics"),
    "change": ("Change Office", "Change and Release", "Change Enablement"),
}
DESK_NAMES = ("Service Desk", "IT Support", "Help Desk")
FIELD_NAMES = ("Field Services", "On-Site Support", "Deskside Support")


class ServiceWords(NamedTuple):
    """A service: names, what kind of team owns it, how critical it is, its vendor's share."""

    names: tuple[str, ...]
    owner: str
    tier: int
    vendor: str


SERVICES: dict[str, ServiceWords] = {
    "vpn": ServiceWords(("Remote Access", "VPN Access"), "network", 2, "Network carrier"),
    "wifi": ServiceWords(("Office Wi-Fi", "Wireless Network"), "network", 3, "Network carrier"),
    "lan": ServiceWords(("Office Network", "Site Network"), "network", 1, "Network carrier"),
    "laptop": ServiceWords(
        ("Laptops and Desktops", "Workplace Devices"), "workplace", 3, "Device supplier"
    ),
    "vdi": ServiceWords(("Virtual Desktop", "Hosted Desktop"), "workplace", 2, ""),
    "print": ServiceWords(("Printing", "Print and Scan"), "workplace", 4, "Print supplier"),
    "sso": ServiceWords(("Single Sign-On", "Sign-In Service"), "identity", 1, ""),
    "mail": ServiceWords(
        ("E-mail and Calendar", "Mail and Calendar"), "messaging", 1, "Mail provider"
    ),
    "chat": ServiceWords(("Chat and Meetings", "Team Chat"), "messaging", 2, "Mail provider"),
    "files": ServiceWords(("File Shares", "Shared Drives"), "server", 3, ""),
    "cloud": ServiceWords(
        ("Container Platform", "Application Hosting"), "server", 1, "Hosting provider"
    ),
    "backup": ServiceWords(("Backup and Restore", "Backup"), "server", 3, "Hosting provider"),
    "database": ServiceWords(("Database Platform", "Managed Databases"), "database", 1, ""),
    "orders": ServiceWords(("Order Management", "Order Desk"), "erp", 1, "ERP vendor"),
    "finance": ServiceWords(("Finance Ledger", "General Ledger"), "erp", 2, "ERP vendor"),
    "payroll": ServiceWords(("Payroll", "Time and Pay"), "erp", 2, "ERP vendor"),
    "warehouse": ServiceWords(("Warehouse Scanning", "Stock and Scanning"), "erp", 1, "ERP vendor"),
    "portal": ServiceWords(("Customer Portal", "Customer Self-Service"), "customer", 1, ""),
    "mobile": ServiceWords(("Mobile App", "Field App"), "customer", 2, ""),
    "reports": ServiceWords(("Management Reports", "Reporting"), "reporting", 3, ""),
    "phone": ServiceWords(("Telephony", "Desk Phones"), "telephony", 3, "Voice carrier"),
    "contact": ServiceWords(("Contact Centre", "Call Routing"), "telephony", 1, "Voice carrier"),
    "guard": ServiceWords(("Endpoint Protection", "Device Security"), "security", 2, ""),
}


class CategoryWords(NamedTuple):
    """A category of incident.

    `first_contact`: share a service desk resolves by itself; `hours`: median work of the team
    behind it; `weight`: how often, against the others.
    """

    name: str
    service: str
    first_contact: float
    hours: float
    weight: float
    subcategories: tuple[str, ...]


INCIDENTS = (
    CategoryWords(
        "Sign-in",
        "sso",
        0.86,
        0.6,
        10,
        ("Password forgotten", "Account locked", "Token not accepted", "Second factor lost"),
    ),
    CategoryWords(
        "Remote access",
        "vpn",
        0.42,
        1.3,
        7,
        ("VPN drops every hour", "VPN will not connect", "Slow over VPN"),
    ),
    CategoryWords(
        "Wireless",
        "wifi",
        0.38,
        1.4,
        4,
        ("No Wi-Fi on one floor", "Wi-Fi drops when walking", "Guest Wi-Fi refused"),
    ),
    CategoryWords(
        "Site network", "lan", 0.12, 2.0, 3, ("Port dead", "Site unreachable", "Packet loss")
    ),
    CategoryWords(
        "Laptop hardware",
        "laptop",
        0.30,
        1.8,
        8,
        ("Battery swollen", "Screen flickers", "Docking station dead", "Keyboard worn"),
    ),
    CategoryWords(
        "Laptop software",
        "laptop",
        0.52,
        1.2,
        8,
        ("Update stuck", "Application crashes at start", "Disk full", "Very slow after start"),
    ),
    CategoryWords(
        "Virtual desktop",
        "vdi",
        0.33,
        1.6,
        3,
        ("Session freezes", "Profile will not load", "Logon takes minutes"),
    ),
    CategoryWords(
        "Printing",
        "print",
        0.48,
        1.1,
        5,
        ("Paper jam reported again", "Prints to the wrong tray", "Scan to mail fails"),
    ),
    CategoryWords(
        "Mail",
        "mail",
        0.55,
        1.0,
        6,
        (
            "Mailbox full",
            "Mail arrives late",
            "Shared mailbox missing",
            "Calendar shows old entries",
        ),
    ),
    CategoryWords(
        "Meetings",
        "chat",
        0.50,
        1.0,
        5,
        ("No sound in meetings", "Screen share black", "Cannot join as guest"),
    ),
    CategoryWords(
        "File access",
        "files",
        0.46,
        1.1,
        5,
        ("Folder access denied", "File locked by nobody", "Restore a file"),
    ),
    CategoryWords(
        "Hosting",
        "cloud",
        0.05,
        2.6,
        3,
        ("Service restarts by itself", "Certificate expired", "Disk pressure on node"),
    ),
    CategoryWords("Backup", "backup", 0.04, 1.9, 2, ("Backup job failed", "Restore test failed")),
    CategoryWords(
        "Database",
        "database",
        0.04,
        2.8,
        2,
        ("Deadlocks", "Replica lags", "Tablespace nearly full"),
    ),
    CategoryWords(
        "Order entry",
        "orders",
        0.16,
        2.4,
        5,
        ("Order stuck in release", "Wrong price pulled", "Interface queue stops"),
    ),
    CategoryWords(
        "Ledger",
        "finance",
        0.18,
        2.2,
        3,
        ("Posting period closed", "Report does not balance", "Payment run fails"),
    ),
    CategoryWords(
        "Pay and time", "payroll", 0.22, 2.0, 2, ("Clock-in missing", "Payslip not shown")
    ),
    CategoryWords(
        "Scanning",
        "warehouse",
        0.20,
        2.1,
        4,
        ("Scanner loses session", "Label not printed", "Stock count differs"),
    ),
    CategoryWords(
        "Customer portal",
        "portal",
        0.10,
        2.5,
        4,
        ("Checkout times out", "Invoice download empty", "Portal shows error 500"),
    ),
    CategoryWords(
        "Mobile app", "mobile", 0.14, 2.3, 3, ("App closes after login", "Offline data lost")
    ),
    CategoryWords(
        "Reporting",
        "reports",
        0.22,
        1.9,
        3,
        ("Figures of yesterday missing", "Report runs for hours"),
    ),
    CategoryWords("Desk phone", "phone", 0.44, 1.1, 2, ("No dial tone", "Headset not found")),
    CategoryWords(
        "Call routing",
        "contact",
        0.10,
        2.0,
        2,
        ("Callers reach the wrong queue", "Announcement outdated"),
    ),
    CategoryWords(
        "Device security",
        "guard",
        0.25,
        1.6,
        3,
        ("Device quarantined", "Suspicious mail reported", "Scan blocks a program"),
    ),
)


class ItemWords(NamedTuple):
    """Something to order: who delivers it, how often it needs a yes, hours of work, delivery."""

    name: str
    team: str
    service: str
    approval: float
    hours: float
    weight: float
    delivery: float = 0.0  # share that waits for goods


ITEMS = (
    ItemWords("Laptop, standard", "assets", "laptop", 0.95, 0.9, 7, 0.85),
    ItemWords("Laptop, developer", "assets", "laptop", 1.0, 1.2, 3, 0.9),
    ItemWords("Monitor", "assets", "laptop", 0.6, 0.5, 5, 0.7),
    ItemWords("Headset", "assets", "phone", 0.2, 0.3, 5, 0.6),
    ItemWords("Mobile phone", "assets", "mobile", 0.9, 0.6, 4, 0.8),
    ItemWords("Software licence", "workplace", "laptop", 0.8, 0.6, 9, 0.15),
    ItemWords("Install approved software", "workplace", "laptop", 0.05, 0.4, 9),
    ItemWords("Access to a shared folder", "identity", "files", 0.7, 0.3, 10),
    ItemWords("Access to order management", "erp", "orders", 0.9, 0.5, 6),
    ItemWords("Access to reports", "reporting", "reports", 0.8, 0.4, 5),
    ItemWords("Change of access role", "identity", "sso", 0.9, 0.5, 6),
    ItemWords("Guest account", "identity", "sso", 0.3, 0.2, 5),
    ItemWords("Shared mailbox", "messaging", "mail", 0.5, 0.3, 5),
    ItemWords("Distribution list", "messaging", "mail", 0.1, 0.2, 4),
    ItemWords("Meeting room equipment", "workplace", "chat", 0.6, 1.0, 2, 0.5),
    ItemWords("Remote access token", "network", "vpn", 0.7, 0.3, 4),
    ItemWords("Firewall opening", "network", "lan", 1.0, 0.9, 3),
    ItemWords("Virtual server", "server", "cloud", 1.0, 1.5, 2),
    ItemWords("Test database", "database", "database", 0.9, 1.1, 2),
    ItemWords("Desk phone number", "telephony", "phone", 0.4, 0.4, 2),
    ItemWords("New report", "reporting", "reports", 0.7, 3.0, 2),
)
BUNDLE = "New starter"
BUNDLE_TASKS: tuple[tuple[str, str, str, float], ...] = (
    ("Create account", "identity", "sso", 0.4),
    ("Prepare laptop", "assets", "laptop", 1.2),
    ("Set up mailbox", "messaging", "mail", 0.3),
    ("Assign phone number", "telephony", "phone", 0.3),
    ("Grant order management access", "erp", "orders", 0.4),
    ("Hand over equipment", "field", "laptop", 0.6),
)
CHANGE_TASKS = ("Prepare rollback", "Inform users", "Verify after change", "Update documentation")
CHANGE_TYPES = ("Standard change", "Normal change", "Emergency change")
CHANGE_KINDS = (
    "Patch",
    "Configuration",
    "New version",
    "Hardware swap",
    "Firewall rule",
    "Capacity",
)
IMPROVEMENT = "Improvement"
RELEASE = "Release"
RELEASE_KINDS = ("Feature release", "Maintenance release")
ARTICLE = "Article"
ARTICLE_KINDS = ("How-to", "Known error", "Workaround")

CHANNELS = ("Phone", "Portal", "E-mail", "Chat", "Walk-in", "Monitoring", "Internal")
RESOLUTIONS = (
    "Solved permanently",
    "Workaround",
    "Solved by the user",
    "Not reproducible",
    "Fulfilled",
    "Done",
    "Root cause removed",
    "Risk accepted",
    "Successful",
    "Successful with issues",
    "Backed out",
    "Withdrawn",
    "Duplicate",
    "Turned down",
)
PRIORITIES = ("1 - Critical", "2 - High", "3 - Moderate", "4 - Low")
LEVELS = ("1 - High", "2 - Medium", "3 - Low")
PRACTICES = ("Incident", "Service Request", "Task", "Problem", "Change", "Release", "Article")
NUMBER_MARKS = ("INC", "REQ", "TSK", "PRB", "CHG", "RLS", "KBA")
INCIDENT, REQUEST, TASK, PROBLEM, CHANGE, RELEASE_RECORD, WRITING = range(7)
# What an order is filed under, by the team that delivers it.
REQUEST_GROUPS = {
    "assets": "Hardware",
    "workplace": "Software and rooms",
    "identity": "Access",
    "erp": "Access",
    "reporting": "Reporting",
    "messaging": "Mail and chat",
    "network": "Connectivity",
    "server": "Hosting",
    "database": "Hosting",
    "telephony": "Telephony",
}
HOLIDAYS = {  # month and day on which a region does not work
    "Europe": ((1, 1), (5, 1), (12, 25), (12, 26)),
    "Americas": ((1, 1), (9, 7), (11, 26), (12, 25)),
    "Asia": ((1, 1), (1, 26), (5, 1), (12, 25)),
}

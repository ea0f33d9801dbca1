"""The settings: defaults < settings.toml < environment, .env < command line.

Every value is checked when it is read, and an error names its source and what is accepted. A HAMMER password
that is not in the environment is stored in the system's credential store and nowhere else.
"""

from psf_monitor.settings.errors import SettingsError as SettingsError
from psf_monitor.settings.load import OPTIONS as OPTIONS
from psf_monitor.settings.load import SWITCHES as SWITCHES
from psf_monitor.settings.load import api_settings as api_settings
from psf_monitor.settings.load import changed as changed
from psf_monitor.settings.load import load as load
from psf_monitor.settings.load import switch_on as switch_on
from psf_monitor.settings.login_endpoints import equal_profile as equal_profile
from psf_monitor.settings.login_endpoints import same_place as same_place
from psf_monitor.settings.model import ApiSettings as ApiSettings
from psf_monitor.settings.model import FactsSettings as FactsSettings
from psf_monitor.settings.model import HammerProfile as HammerProfile
from psf_monitor.settings.model import IbkrProfile as IbkrProfile
from psf_monitor.settings.model import RecordSettings as RecordSettings
from psf_monitor.settings.model import Settings as Settings
from psf_monitor.settings.password import store_password as store_password
from psf_monitor.settings.password import stored_password as stored_password
from psf_monitor.settings.paths import UserPaths as UserPaths
from psf_monitor.settings.paths import user_paths as user_paths

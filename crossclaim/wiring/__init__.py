"""Builds concrete things from settings: the one room that knows what stands behind a port."""

from crossclaim.wiring.house import House as House
from crossclaim.wiring.house import api_house as api_house
from crossclaim.wiring.house import fault_hook as fault_hook
from crossclaim.wiring.house import read_parties as read_parties
from crossclaim.wiring.house import worker_house as worker_house

"""Addresses of the pages of rules, of operations, and of one figure."""

from __future__ import annotations

from starlette.routing import Route

from crossclaim.console import figure_charts, operation_pages, proposal_pages, rule_pages

_POST = ["POST"]
ROUTES = [
    Route("/figures/{indicator}.{form}", figure_charts.export),
    Route("/figures/{indicator}", figure_charts.figure),
    Route("/rules", rule_pages.rules),
    Route("/rules/plans/{plan_id}", rule_pages.plan),
    Route("/rules/plans/{plan_id}/differences", rule_pages.differences),
    Route("/rules/proposals/new", proposal_pages.new),
    Route("/rules/proposals", proposal_pages.propose, methods=_POST),
    Route("/rules/proposals/{proposal_id}", proposal_pages.proposal),
    Route("/rules/proposals/{proposal_id}/backtests", proposal_pages.ask_backtest, methods=_POST),
    Route(
        "/rules/proposals/{proposal_id}/backtests/{backtest_id}.csv", proposal_pages.backtest_csv
    ),
    Route("/rules/proposals/{proposal_id}/{word}", proposal_pages.decide, methods=_POST),
    Route("/operations", operation_pages.operations),
    Route("/operations/parties/{party}", operation_pages.party),
    Route("/operations/parties/{party}/try-again", operation_pages.try_again, methods=_POST),
    Route("/operations/schedules/{schedule_id}", operation_pages.schedule),
    Route(
        "/operations/schedules/{schedule_id}/{word}",
        operation_pages.change_schedule,
        methods=_POST,
    ),
]

"""What there is to learn, over HTTP."""

import falcon

from schediora.http.operation import Request, operation
from schediora.syllabus.schemas import SyllabusQuery, SyllabusUpdate, SyllabusView
from schediora.syllabus.service import set_list
from schediora.syllabus.view import show


class SyllabusResource:
    """A topic's units and how the student stands in them."""

    @operation("getSyllabus", "Show what there is to learn in a topic", answer=SyllabusView, query=SyllabusQuery)
    def on_get(self, req: Request, resp: falcon.Response, query: SyllabusQuery) -> SyllabusView:
        """Show the units in the order to learn them, and how far the student is; never asks a model."""
        return show(req.context.caller, query.topic, now=req.context.now)

    @operation("setSyllabus", "Set your own list of what there is to learn", answer=SyllabusView, body=SyllabusUpdate)
    def on_put(self, req: Request, resp: falcon.Response, body: SyllabusUpdate) -> SyllabusView:
        """Store the student's list, which goes before ours; null takes it away."""
        return set_list(req.context.caller, body, now=req.context.now)

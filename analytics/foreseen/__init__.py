"""SEES THE PLAN ALONE: how well modelled figures will be known, by what the plan assumes of its service."""

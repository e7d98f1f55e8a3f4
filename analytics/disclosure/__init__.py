"""SEES NO DATA: what people read of a service, made from the contracts and the plan, so that it says what is done.

The participant's notice in `notice`, the disclosure record in `record`, the dossier's generated parts in `dossier`.
Their prose is in `templates/`, `notice_words.yaml` and `record_words.yaml`.
"""

"""SEES NO DATA: the texts about a service, made from its contracts and plan, so that they say what it does.

The participant's notice in `notice`, the disclosure record in `record`, the dossier's generated parts in `dossier`.
Their prose is in `templates/`, `notice_words.yaml` and `record_words.yaml`.
"""

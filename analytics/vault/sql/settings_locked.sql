-- yields: nothing; from here on no setting can be changed. trust: N
SET lock_configuration = true

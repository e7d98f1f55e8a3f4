"""An invented population with its truth: the files that a service would hand in, and what they must add up to.

    draws      random whole numbers that are the same on any machine
    people     who there is: register and consent
    diary      who logs on which day, and how the day was
    wording    how an entry is written in the file
    dirt       the lines that no reader may take
    truth      the exact cells, without SQL
    population the way in

Nobody in it exists.
"""

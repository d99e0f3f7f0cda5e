"""What there is to learn: subjects, their units and their order, which of them a topic means, which exams concern it.

Pure: the same words give the same answer. The subjects are data, a folder each in `data/`.
"""

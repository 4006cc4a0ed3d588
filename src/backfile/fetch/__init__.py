"""Addresses → saved pages: politely (robots.txt, one request at a time a host) and safely (public addresses only).

guard    which addresses may be asked; every connection goes through it
robots   what a host allows
client   one answer, within limits of size, time, redirects and tries
keep     an answer as a WARC file in content/saved/
queue    many addresses, host by host in turn
"""
